import Foundation
import Testing

/// Runs the built command the way a shell does.
struct Tool {
    /// How a run ended.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The one JSON object on standard output.
        func json() throws -> [String: Any] {
            let lines = output.split(separator: "\n")
            #expect(lines.count == 1, "standard output must hold one JSON object alone")
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any])
        }
    }

    /// The binary under test: `$DPSCRIBE_BINARY`, or the one this package's build made.
    static let binary: URL = {
        if let named = ProcessInfo.processInfo.environment["DPSCRIBE_BINARY"] {
            return URL(filePath: named)
        }
        return packageRoot.appending(path: ".build/debug/dpscribe")
    }()

    /// The folder of Package.swift.
    static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs the command to its end.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's name.
    ///   - environment: Added to this process's environment.
    ///   - folder: The working folder.
    /// - Returns: The exit status and both streams.
    /// - Throws: If the process cannot be started.
    @discardableResult
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: URL? = nil
    ) throws -> Outcome {
        try start(arguments, environment: environment, in: folder).outcome()
    }

    /// Starts the command and returns at once.
    static func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: URL? = nil,
        input: FileHandle = .nullDevice
    ) throws -> RunningTool {
        let process = Process()
        process.executableURL = binary
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = folder }
        return try RunningTool(process, input: input)
    }
}

/// A command that was started; its streams go to files, so that it never waits for a reader.
final class RunningTool {
    let process: Process
    private let folder: URL

    /// Starts `process`; its errors go to a file of its own unless another one is given.
    init(
        _ process: Process,
        input: FileHandle = .nullDevice,
        errors: FileHandle? = nil
    ) throws {
        self.process = process
        folder = try ScratchFolder.make()
        for name in ["out", "err"] {
            _ = FileManager.default.createFile(
                atPath: folder.appending(path: name).path,
                contents: nil
            )
        }
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
        process.standardError =
            try errors ?? FileHandle(forWritingTo: folder.appending(path: "err"))
        process.standardInput = input
        try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What was written to standard error so far.
    var errorsSoFar: String { text("err") }

    /// What was written to standard output so far.
    var outputSoFar: String { text("out") }

    /// Waits for the end.
    func outcome() -> Tool.Outcome {
        process.waitUntilExit()
        let status =
            process.terminationReason == .exit
            ? process.terminationStatus : -process.terminationStatus
        return Tool.Outcome(status: status, output: text("out"), errors: text("err"))
    }

    private func text(_ name: String) -> String {
        let data = (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

/// Temporary folders of the tests.
enum ScratchFolder {
    /// Makes an empty folder that nobody else uses.
    static func make() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "dpscribe-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
