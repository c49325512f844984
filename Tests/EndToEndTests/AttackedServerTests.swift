import Foundation
import LocalServer
import Testing

/// A server that many clients misuse at once.
@Suite struct AttackedServerTests {
    private func descriptors(_ process: Int32) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    private func isAnswered(_ port: UInt16) async throws -> Bool {
        let body = #"{"prompt": "We", "max_tokens": 2}"#
        let client = try await RawClient(port: port)
        defer { client.close() }
        try await client.send(
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
        )
        return try await client.readToEnd().hasPrefix("HTTP/1.1 200 OK\r\n")
    }

    /// `make soak` sends 600 at a time, 20 times.
    @Test(.timeLimit(.minutes(60))) func anAttackedServerAnswersAndGivesAllBack() async throws {
        try await Task(priority: .high) { try await attack() }.value
    }

    private func attack() async throws {
        let variables = ProcessInfo.processInfo.environment
        let attackers = variables["DPSCRIBE_ATTACKERS"].flatMap(Int.init) ?? 150
        let attacks = variables["DPSCRIBE_ATTACKS"].flatMap(Int.init) ?? 1
        let server = try ServedModel(TinyModel.path())
        let port = try UInt16(#require(server.url.port))
        #expect(try await isAnswered(port))
        let before = try descriptors(server.processIdentifier)
        for _ in 0..<attacks {
            await HostileClients.attack(port: port, count: attackers, patience: .seconds(2))
            #expect(try await isAnswered(port))
        }
        while try descriptors(server.processIdentifier) > before + 1 {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(server.stop().status == 0)
    }
}
