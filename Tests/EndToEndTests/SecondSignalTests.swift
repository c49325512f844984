import Foundation
import Testing

/// The first signal asks a run to stop; one that comes two seconds later ends it at once.
@Suite struct SecondSignalTests {
    private static let long = ["--epochs": "40", "--insecure-seed": "3"]

    /// A resumed run that cannot stop by itself: its corpus is a pipe that nobody writes to.
    @Test func aSecondSignalEndsAtOnceAndLedgerAndCheckpointStand() throws {
        let setting = try FinetuneSetting()
        let whole = try setting.finetune("whole", Self.long)
        #expect(whole.status == 0, "\(whole.errors)")
        let first = try Tool.start(setting.arguments("run", Self.long))
        try setting.wait(for: first) { setting.ledgerLines() >= 5 }
        kill(first.process.processIdentifier, SIGINT)
        #expect(first.outcome().status == 75)
        let checkpoint = try #require(setting.newestCheckpoint())
        let before = try ["run/ledger.jsonl", "run/" + checkpoint].map(setting.bytes)

        let (data, kept) = (
            setting.workspace.path("private.csv"), setting.workspace.path("kept.csv")
        )
        try FileManager.default.moveItem(atPath: data, toPath: kept)
        try #require(unsafe mkfifo(data, 0o600) == 0)
        let waiting = try Tool.start(setting.arguments("run", Self.long, flags: ["--resume"]))
        let pipe = try openOnceRead(data, by: waiting, setting)
        defer { close(pipe) }
        let process = waiting.process
        for signal in [SIGINT, SIGTERM, SIGINT] {
            kill(process.processIdentifier, signal)
            usleep(400_000)
        }
        #expect(process.isRunning, "signals within two seconds are one request")
        usleep(1_200_000)
        let began = Date.now
        kill(process.processIdentifier, SIGTERM)
        expectEnd(of: process)
        let ended = waiting.outcome()
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("ended at once by a second signal"), "\(ended.errors)")
        #expect(Date.now.timeIntervalSince(began) < 5)
        #expect(try ["run/ledger.jsonl", "run/" + checkpoint].map(setting.bytes) == before)

        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.moveItem(atPath: kept, toPath: data)
        let resumed = try setting.finetune("run", Self.long, flags: ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        for name in ["step-000400.h5", "ledger.jsonl"] {
            #expect(try setting.bytes("run/" + name) == setting.bytes("whole/" + name))
        }
    }

    /// Whoever stopped the terminal, or reads no more of a pipe, still gets rid of the process.
    @Test func aConsoleThatTakesNothingDoesNotHoldIt() throws {
        let setting = try FinetuneSetting()
        let data = setting.workspace.path("waiting.csv")
        try #require(unsafe mkfifo(data, 0o600) == 0)
        let console = Pipe()
        let writing = console.fileHandleForWriting
        _ = fcntl(writing.fileDescriptor, F_SETFL, O_NONBLOCK)
        let piece = [UInt8](repeating: UInt8(ascii: "."), count: 512)
        while unsafe write(writing.fileDescriptor, piece, piece.count) > 0 {}
        _ = fcntl(writing.fileDescriptor, F_SETFL, 0)
        let process = Process()
        process.executableURL = Tool.binary
        process.arguments = setting.arguments("run", ["--data": data])
        let tool = try RunningTool(process, errors: writing)
        let pipe = try openOnceRead(data, by: tool, setting)
        defer { close(pipe) }
        kill(process.processIdentifier, SIGINT)
        usleep(2_200_000)
        kill(process.processIdentifier, SIGINT)
        expectEnd(of: process)
        #expect(tool.outcome().status == 75)
    }

    /// Waits ten seconds for the end, and then brings it about.
    private func expectEnd(of process: Process) {
        let deadline = Date.now + 10
        while process.isRunning, Date.now < deadline { usleep(10_000) }
        let hasEnded = !process.isRunning
        if !hasEnded { kill(process.processIdentifier, SIGKILL) }
        #expect(hasEnded)
    }

    /// The pipe's other end, once the process waits for what comes out of it.
    private func openOnceRead(
        _ path: String,
        by tool: RunningTool,
        _ setting: FinetuneSetting
    ) throws -> Int32 {
        var pipe: Int32 = -1
        try setting.wait(for: tool) {
            pipe = unsafe open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return pipe >= 0
        }
        return pipe
    }
}
