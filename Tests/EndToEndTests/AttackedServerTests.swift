import Foundation
import LocalServer
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A server that many clients misuse at once.
@Suite struct AttackedServerTests {
    private func descriptors(_ process: Int32) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    private func isAnswered(_ url: URL) async throws -> Bool {
        var request = URLRequest(url: url.appending(path: "completions"))
        request.httpMethod = "POST"
        request.httpBody = Data(#"{"prompt": "We", "max_tokens": 2}"#.utf8)
        let (_, response) = try await URLSession.shared.data(for: request)
        return (response as? HTTPURLResponse)?.statusCode == 200
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
        #expect(try await isAnswered(server.url))
        let before = try descriptors(server.processIdentifier)
        for _ in 0..<attacks {
            await HostileClients.attack(port: port, count: attackers, patience: .seconds(2))
            #expect(try await isAnswered(server.url))
        }
        // One connection may still be kept for the next request.
        while try descriptors(server.processIdentifier) > before + 1 {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(server.stop().status == 0)
    }
}
