import Foundation

/// Another `dpscribe` with arguments of its own: what it keeps in memory ends with it.
struct ChildCommand {
    let arguments: [String]

    /// Runs the command; its progress goes to this process's standard error.
    ///
    /// A stop that is asked of this process is passed on, and waited for.
    ///
    /// - Returns: What it printed.
    /// - Throws: `ToolError.interrupted`, or `ChildFailure` with its status.
    func run() throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let watch = Self.passOnStops(to: process)
        defer { watch.cancel() }
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure(of: process)
        }
        return printed
    }

    /// Once only: a second signal would end the command without a checkpoint.
    private static func passOnStops(to process: Process) -> any DispatchSourceTimer {
        let watch = DispatchSource.makeTimerSource()
        watch.setEventHandler {
            guard Interruption.isRequested else { return }
            process.terminate()
            watch.cancel()
        }
        watch.schedule(deadline: .now(), repeating: .milliseconds(200))
        watch.resume()
        return watch
    }

    private func failure(of process: Process) -> any Error {
        let status = process.terminationReason == .exit ? process.terminationStatus : nil
        if Interruption.isRequested || status == CommandStatus.interrupted.rawValue {
            return ToolError.interrupted("stopped; run the same command again to go on")
        }
        return ChildFailure(
            command: arguments.first ?? "",
            status: status.flatMap(CommandStatus.init(rawValue:)) ?? .internalFault
        )
    }

    private static func executable() throws -> URL {
        guard let url = Bundle.main.executableURL else {
            throw ToolError.inputOutput("this program's own file cannot be found")
        }
        return url
    }
}

/// A command of a sweep that failed; it has said why itself.
struct ChildFailure: Error, Equatable, CustomStringConvertible, StatusBearing {
    let command: String
    let status: CommandStatus

    var description: String { "\(command) failed (see above); what is finished is kept" }
}
