/// What the commands themselves refuse; the libraries have errors of their own.
///
/// A message says what is wrong (with the value), where, and what to do. It never quotes text or
/// label values found in data.
enum ToolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A flag, column or label value that does not exist.
    case usage(String)
    /// Data without a usable record or without a needed column.
    case unusableData(String)
    /// A file or folder that is not there.
    case missingInput(String)
    /// An output that exists already or cannot be created.
    case outputUnavailable(String)
    /// Reading or writing failed.
    case inputOutput(String)
    /// The run was stopped by a signal and can be resumed.
    case interrupted(String)
    /// Settings that contradict each other.
    case badConfiguration(String)
    /// The privacy target cannot be met.
    case budgetExceeded(String)
    /// A file is not what its digest or structure promises.
    case integrityViolated(String)

    var description: String {
        switch self {
        case .usage(let message), .unusableData(let message), .missingInput(let message),
            .outputUnavailable(let message), .inputOutput(let message),
            .interrupted(let message), .badConfiguration(let message),
            .budgetExceeded(let message), .integrityViolated(let message):
            message
        }
    }
}

extension ToolError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .usage: .usage
        case .unusableData: .unusableData
        case .missingInput: .missingInput
        case .outputUnavailable: .outputUnavailable
        case .inputOutput: .inputOutput
        case .interrupted: .interrupted
        case .badConfiguration: .badConfiguration
        case .budgetExceeded: .budgetExceeded
        case .integrityViolated: .integrityViolated
        }
    }
}

extension ToolError {
    /// Checks a number of an option; one that was not given passes.
    ///
    /// - Throws: `badConfiguration` with the option, the number and its range.
    static func require(_ option: String, _ value: Int?, in range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw badConfiguration(
            "\(option) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)"
        )
    }
}

/// How the process ends; scripts rely on these numbers.
enum CommandStatus: Int32, CaseIterable, Sendable {
    /// The target epsilon cannot be reached, or the budget is spent.
    case budgetExceeded = 3
    /// A ledger, digest or file structure does not hold.
    case integrityViolated = 4
    /// Unknown flag, column, or label value in a flag.
    case usage = 64
    /// Missing column, empty file, no usable record.
    case unusableData = 65
    /// No such file.
    case missingInput = 66
    /// A fault of the product.
    case internalFault = 70
    /// The output exists or cannot be made.
    case outputUnavailable = 73
    /// Disk full, or another input/output error.
    case inputOutput = 74
    /// Stopped by a signal; can be resumed.
    case interrupted = 75
    /// Settings that contradict each other or the data's size.
    case badConfiguration = 78
}
