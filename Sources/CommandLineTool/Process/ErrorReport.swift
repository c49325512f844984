import Foundation
import Messages

/// An error that knows how the process must end.
protocol StatusBearing: Error {
    /// The exit status of a command that stops with this error.
    var status: CommandStatus { get }
    /// What to print on standard error.
    var message: String { get }
}

extension StatusBearing {
    /// What the error says about itself, with the options' names.
    var message: String {
        (self as? any Explained)?.explanation.withOptions ?? String(describing: self)
    }
}

/// One line for the user and the exit status, for any error.
struct ErrorReport: Equatable {
    /// How the process ends.
    let status: CommandStatus
    /// What to print on standard error.
    let message: String

    /// Finds status and message; an error nobody foresaw is an internal fault.
    init(_ error: any Error) {
        if let known = error as? any StatusBearing {
            self.init(status: known.status, message: known.message)
        } else if let system = Self.systemCode(of: error) {
            self.init(systemCode: system, path: Self.path(of: error))
        } else {
            self.init(
                status: .internalFault,
                message:
                    "internal fault: \(type(of: error)); please report it with the command used"
            )
        }
    }

    private init(status: CommandStatus, message: String) {
        self.status = status
        self.message = message
    }

    private init(systemCode: POSIXErrorCode, path: String?) {
        let subject = path.map { "\($0): " } ?? ""
        switch systemCode {
        case .ENOENT:
            self.init(status: .missingInput, message: "\(subject)no such file or folder")
        case .ENOSPC, .EDQUOT:
            self.init(
                status: .inputOutput,
                message: "\(subject)the disk is full; free space and run again"
            )
        case .EEXIST:
            self.init(status: .outputUnavailable, message: "\(subject)exists already")
        case .EACCES, .EPERM, .EROFS:
            self.init(
                status: .outputUnavailable,
                message: "\(subject)permission denied; choose a folder you may write to"
            )
        default:
            self.init(
                status: .inputOutput,
                message: "\(subject)input/output error \(systemCode.rawValue) (\(systemCode))"
            )
        }
    }

    /// The operating system's error code behind a Foundation error, if there is one.
    private static func systemCode(of error: any Error) -> POSIXErrorCode? {
        if let system = error as? POSIXError { return system.code }
        guard let cocoa = error as? CocoaError else { return nil }
        if let cause = cocoa.underlying as? POSIXError { return cause.code }
        switch cocoa.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return .ENOENT
        case .fileWriteOutOfSpace: return .ENOSPC
        case .fileWriteFileExists: return .EEXIST
        case .fileReadNoPermission, .fileWriteNoPermission: return .EACCES
        case .fileWriteVolumeReadOnly: return .EROFS
        default: return .EIO
        }
    }

    private static func path(of error: any Error) -> String? { (error as? CocoaError)?.filePath }
}
