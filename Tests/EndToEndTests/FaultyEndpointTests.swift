import FlyingFox
import Foundation
import LocalServer
import Synchronization
import Testing

/// The command against an endpoint that fails in every way, is stopped while it waits, and goes on.
@Suite final class FaultyEndpointTests: Sendable {
    /// What the endpoint does from the third answer of the second iteration on, in the first part.
    enum Block: CaseIterable, Sendable {
        case stalls, asksToWait, refusesTheKey
    }

    private struct State {
        var requests = 0
        /// Seeds of the prompts that were answered with a text.
        var answered: [Int] = []
        var isBlocking = true
        var blocked = 0
        var temperatures: Set<Double?> = []
    }

    private static let iterations = 3
    private static let concurrency = 2
    private let workspace: Workspace
    private let data: String
    private let state = Mutex(State())

    init() throws {
        workspace = try Workspace()
        data = try workspace.messages(80, seed: 4, to: "private.csv")
    }

    private func arguments(_ address: URL) throws -> [String] {
        [
            "evolve", "--data", data, "--label-columns", "topic", "--epsilon", "4", "--delta",
            "1e-3", "--iterations", "\(Self.iterations)", "--count", "6", "--variations", "2",
            "--max-new-tokens", "8", "--temperature", "1.2", "--model", try TinyModel.path(),
            "--endpoint", address.absoluteString, "--concurrency", "\(Self.concurrency)",
            "--request-timeout", "2",
            "--out", workspace.path("runs/faulty"), "--json",
        ]
    }

    private func ledgerLines() throws -> Int {
        try String(contentsOfFile: workspace.path("runs/faulty/ledger.jsonl"), encoding: .utf8)
            .split(separator: "\n").count
    }

    private func answer(_ request: ReceivedRequest, _ block: Block) async throws -> HTTPResponse {
        let (number, isBlocked) = state.withLock { state in
            defer { state.requests += 1 }
            // 12 texts compete at first, and 6 variations in each further iteration.
            let isBlocked = state.isBlocking && state.answered.count >= 12 + 2
            state.blocked += isBlocked ? 1 : 0
            state.temperatures.insert(request.body?.temperature)
            return (state.requests, isBlocked)
        }
        if isBlocked { return try await blocked(block) }
        switch number {
        case 1, 20: return HTTPResponse(statusCode: .internalServerError)
        case 3, 22: return Self.later(seconds: 1)
        case 4: return HTTPResponse(statusCode: .ok, body: Data("<html>".utf8))
        case 6: return HTTPResponse(statusCode: .ok, body: Data(#"{"choices": []}"#.utf8))
        case 8:
            try await Task.sleep(for: .seconds(6))
            return .completion("too late")
        default:
            state.withLock { $0.answered.append(request.body?.seed ?? -1) }
            return .completion("text \(number)")
        }
    }

    private func blocked(_ block: Block) async throws -> HTTPResponse {
        switch block {
        case .stalls:
            try await Task.sleep(for: .seconds(6))
            return .completion("too late")
        case .asksToWait: return Self.later(seconds: 300)
        case .refusesTheKey:
            // Not while another answer is on its way: it would be lost with the run.
            while state.withLock({ $0.blocked < Self.concurrency }) {
                try await Task.sleep(for: .milliseconds(10))
            }
            return HTTPResponse(statusCode: .unauthorized)
        }
    }

    private static func later(seconds: Int) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers[HTTPHeader("Retry-After")] = "\(seconds)"
        return HTTPResponse(statusCode: .tooManyRequests, headers: headers)
    }

    /// Waits for the end of the command without holding a thread, which the server needs.
    private func outcome(_ tool: RunningTool, until isDone: () -> Bool = { false }) async throws {
        let deadline = Date.now + 120
        while tool.process.isRunning && !isDone() {
            try #require(Date.now < deadline, "\(tool.errorsSoFar)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(arguments: Block.allCases)
    func nothingIsLostAndTheBudgetIsCountedOnce(block: Block) async throws {
        // Other tests hold the threads of their priority while they wait for a process.
        try await Task(priority: .high) { try await stopAndGoOn(block) }.value
    }

    private func stopAndGoOn(_ block: Block) async throws {
        try await withServer(reading: { [self] in try await answer($0, block) }) { address in
            let arguments = try arguments(address)
            let first = try Tool.start(arguments)
            try await outcome(first) { state.withLock { $0.blocked } >= Self.concurrency }
            let asked = Date.now
            if block != .refusesTheKey { kill(first.process.processIdentifier, SIGINT) }
            try await outcome(first)
            try expectStopped(first.outcome(), block)
            // Whatever it waits for: a stall of 2 s at most, not a wait of 5 minutes.
            #expect(Date.now.timeIntervalSince(asked) < 30)
            #expect(try ledgerLines() == 3, "header, sizes of the classes, one vote")

            state.withLock { $0.isBlocking = false }
            let again = try Tool.start(arguments + ["--resume"])
            try await outcome(again)
            let resumed = again.outcome()
            #expect(resumed.status == 0, "\(resumed.errors)")
            let epsilon = try #require(try resumed.json()["epsilon"] as? Double)
            #expect(epsilon <= 4 && epsilon > 3.99)
            #expect(try resumed.json()["corpus_epsilon"] as? Double == epsilon)
            // Header, sizes, votes, end: nothing was released twice.
            #expect(try ledgerLines() == 1 + 1 + Self.iterations + 1)
            // Every text was asked for until it came, and never again.
            let (seeds, temperatures) = state.withLock { ($0.answered, $0.temperatures) }
            #expect(seeds.count == 12 + 6 + 6 && Set(seeds).count == seeds.count)
            #expect(temperatures == [1.2])
            try expectWhole()
        }
    }

    private func expectStopped(_ stopped: Tool.Outcome, _ block: Block) throws {
        #expect(stopped.errors.contains("the endpoint: "), "\(stopped.errors)")
        guard block != .refusesTheKey else {
            #expect(stopped.status == 78)
            #expect(stopped.errors.contains("status 401"), "\(stopped.errors)")
            return
        }
        #expect(stopped.status == 75, "\(stopped.errors)")
        #expect(stopped.errors.contains("--resume"))
        let state = try stopped.json()
        #expect(state["iterations_done"] as? Int == 1)
        #expect(try #require(state["epsilon"] as? Double) < 4)
    }

    /// All texts are there, answered ones alone among them.
    private func expectWhole() throws {
        let texts = try String(
            contentsOfFile: workspace.path("runs/faulty/synthetic.csv"),
            encoding: .utf8
        )
        let rows = texts.split(separator: "\r\n")
        #expect(rows.count == 7 && rows.first == "text,topic")
        #expect(rows.dropFirst().allSatisfy { $0.contains("text ") })
        #expect(!texts.contains("too late") && !texts.contains("html"))
        let verified = try Tool.run(["verify", workspace.path("runs/faulty")])
        #expect(verified.status == 0, "\(verified.errors)")
    }
}
