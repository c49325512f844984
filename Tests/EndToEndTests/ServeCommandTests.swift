import Foundation
import LocalServer
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Asks the server of models over HTTP.
@Suite struct ServeCommandTests {
    private struct Answer: Decodable {
        struct Choice: Decodable {
            let text: String
            let index: Int
            let finish_reason: String?
        }
        let choices: [Choice]
    }

    private func answer(_ text: String) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
    }

    /// Two clients stream, one of them hangs up; what the other reads is the text of its seed.
    @Test func streamedPiecesAreTheTextOfTheirSeed() async throws {
        // Other tests hold the threads of their priority while they wait for a process.
        try await Task(priority: .high) { try await streamAndCompare() }.value
    }

    private func streamAndCompare() async throws {
        let server = try ServedModel(TinyModel.path())
        let fields =
            #""prompt": ["", "We"], "n": 3, "max_tokens": 50, "seed": 4, "stop": ["ing", "th", "."]"#
        var request = URLRequest(url: server.url.appending(path: "completions"))
        request.httpMethod = "POST"
        request.httpBody = Data("{\(fields)}".utf8)
        let whole = try answer(
            String(decoding: try await URLSession.shared.data(for: request).0, as: UTF8.self)
        )
        let streamed = "{\(fields), \"stream\": true}"
        for try await _ in EventClient.events(server.url, streamed) { break }
        var events: [String] = []
        for try await event in EventClient.events(server.url, streamed) { events.append(event) }
        #expect(events.popLast() == "[DONE]")
        let pieces = Dictionary(
            grouping: try events.flatMap { try answer($0).choices },
            by: \.index
        )
        #expect(whole.choices.count == 6 && events.count > 20)
        #expect(whole.choices.contains { $0.finish_reason == "stop" })
        for choice in whole.choices {
            #expect(pieces[choice.index]?.map(\.text).joined() == choice.text)
            let reasons = pieces[choice.index]?.map(\.finish_reason)
            #expect(reasons?.compactMap(\.self) == [choice.finish_reason].compactMap(\.self))
            #expect(reasons?.last == .some(choice.finish_reason))
            #expect(["ing", "th", "."].allSatisfy { !choice.text.contains($0) })
        }
        #expect(server.stop().status == 0)
    }
}
