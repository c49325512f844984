import Foundation
import LocalServer
import Testing

@testable import CompletionServer

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Streams over HTTP; the model's tokens are random bytes, so that half of them are no scalars.
@Suite struct StreamingTests {
    struct Chunk: Decodable {
        struct Choice: Decodable {
            let text: String
            let index: Int
            let finish_reason: String?
        }
        struct Usage: Decodable, Equatable { let prompt_tokens, completion_tokens: Int }
        let id, object: String
        let choices: [Choice]
        let usage: Usage?
    }

    private func chunk(_ text: String) throws -> Chunk {
        try JSONDecoder().decode(Chunk.self, from: Data(text.utf8))
    }

    private func whole(_ address: URL, _ fields: String) async throws -> Chunk {
        var request = URLRequest(url: address.appendingPathComponent("completions"))
        request.httpMethod = "POST"
        request.httpBody = Data("{\(fields)}".utf8)
        return try chunk(
            String(decoding: try await URLSession.shared.data(for: request).0, as: UTF8.self)
        )
    }

    /// The chunks of a stream, which must end as OpenAI's do.
    private func chunks(_ address: URL, _ fields: String) async throws -> [Chunk] {
        var events: [String] = []
        for try await event in EventClient.events(address, "{\(fields), \"stream\": true}") {
            events.append(event)
        }
        #expect(events.popLast() == "[DONE]")
        return try events.map(chunk)
    }

    @Test(arguments: [
        "", #", "stop": "a""#, #", "stop": ["\u0001", "\ufffd\ufffd\ufffd", "é", "zz"]"#,
        #", "stop": "\ufffd""#, #", "temperature": 0, "stop": "no such text""#,
    ])
    func piecesAreTheTextOfTheSameSeed(stop: String) async throws {
        try await withCompletionServer { address in
            for seed in 0..<4 {
                let fields =
                    #""prompt": ["ab", "c", ""], "n": 3, "max_tokens": 40, "seed": \#(seed)"# + stop
                let whole = try await whole(address, fields)
                let chunks = try await chunks(address, fields)
                #expect(Set(chunks.map(\.id)).count == 1)
                #expect(chunks.allSatisfy { $0.object == "text_completion" && $0.usage == nil })
                #expect(chunks.allSatisfy { $0.choices.count == 1 })
                let pieces = Dictionary(grouping: chunks.flatMap(\.choices), by: \.index)
                #expect(pieces.count == 9 && whole.choices.count == 9)
                for choice in whole.choices {
                    let pieces = try #require(pieces[choice.index])
                    let text = pieces.map { Array($0.text.utf8) }.joined()
                    #expect(text.elementsEqual(choice.text.utf8))
                    #expect(pieces.last?.finish_reason == choice.finish_reason)
                    #expect(pieces.dropLast().allSatisfy { $0.finish_reason == nil })
                    #expect(pieces.dropLast().allSatisfy { !$0.text.isEmpty })
                }
            }
        }
    }

    @Test func piecesOfSeveralTextsComeInTurns() async throws {
        try await withCompletionServer { address in
            let chunks = try await chunks(
                address,
                #""prompt": ["ab", "c"], "n": 2, "max_tokens": 30, "seed": 2"#
            )
            let places = chunks.flatMap(\.choices).map(\.index)
            let turns = zip(places, places.dropFirst()).count { $0 != $1 }
            #expect(places.count > 40 && turns > 20)
        }
    }

    @Test func aStreamCountsItsTokensIfAsked() async throws {
        try await withCompletionServer { address in
            let fields = #""prompt": ["ab", "c"], "max_tokens": 9, "seed": 2"#
            let chunks = try await chunks(
                address,
                fields + #", "stream_options": {"include_usage": true}"#
            )
            let last = try #require(chunks.last)
            #expect(last.choices.isEmpty && chunks.dropLast().allSatisfy { $0.usage == nil })
            #expect(try await whole(address, fields).usage == last.usage)
            #expect(last.usage?.prompt_tokens == 5)
        }
    }

    /// What is asked for would take minutes: an event before its end, and an answer to the next client
    /// within one, show that tokens are told as they are drawn, and drawing ends with its reader.
    @Test(.timeLimit(.minutes(1))) func whoHangsUpEndsTheDrawing() async throws {
        try await withCompletionServer(TinyModel.make(contextLength: 8_192)) { address in
            let endless =
                #"{"prompt": "ab", "n": 128, "max_tokens": 4096, "temperature": 0, "stream": true}"#
            for _ in 0..<3 {
                for try await event in EventClient.events(address, endless) {
                    #expect(try chunk(event).choices.first?.finish_reason == nil)
                    break
                }
            }
            #expect(try await whole(address, #""max_tokens": 2"#).choices.count == 1)
        }
    }
}
