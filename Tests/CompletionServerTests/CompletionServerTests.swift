import Foundation
import Testing

@testable import CompletionServer

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@Suite struct CompletionServerTests {
    func post(_ address: URL, _ body: String, host: String? = nil) async throws
        -> (status: Int, text: String)
    {
        var request = URLRequest(url: address.appendingPathComponent("completions"))
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        if let host { request.setValue(host, forHTTPHeaderField: "Host") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (status, String(decoding: data, as: UTF8.self))
    }

    struct Reply: Decodable, Equatable {
        struct Choice: Decodable, Equatable {
            let text: String
            let index: Int
            let finish_reason: String
        }
        struct Usage: Decodable, Equatable { let prompt_tokens, completion_tokens: Int }
        let object, model: String
        let choices: [Choice]
        let usage: Usage?
    }

    func decode(_ text: String) throws -> Reply {
        try JSONDecoder().decode(Reply.self, from: Data(text.utf8))
    }

    @Test func completionsAreOpenAIs() async throws {
        try await withCompletionServer { address in
            let body =
                #"{"model": "tiny", "prompt": ["ab", "c"], "n": 2, "max_tokens": 5, "seed": 3}"#
            let first = try await post(address, body)
            #expect(first.status == 200)
            let reply = try decode(first.text)
            #expect(reply.object == "text_completion" && reply.model == "tiny")
            #expect(reply.choices.map(\.index) == [0, 1, 2, 3])
            #expect(reply.choices.allSatisfy { ["stop", "length"].contains($0.finish_reason) })
            // End-of-text stands before each.
            #expect(reply.usage?.prompt_tokens == 10)
            // The same seed gives the same texts.
            #expect(try decode(try await post(address, body).text).choices == reply.choices)
        }
    }

    @Test func modelsAreListed() async throws {
        try await withCompletionServer { address in
            let (data, _) = try await URLSession.shared.data(
                from: address.appendingPathComponent("models")
            )
            #expect(String(decoding: data, as: UTF8.self).contains(#""id":"tiny""#))
        }
    }

    /// A number that no sum or product of may be formed is refused, and the server goes on.
    @Test(arguments: ["n", "max_tokens", "top_k", "seed"])
    func numbersOfAnySizeAreAnswered(field: String) async throws {
        let numbers = [
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e300", "-1",
            "0", "4611686018427387905", "1.5", "128",
        ]
        try await withCompletionServer { address in
            for number in numbers {
                var fields = ["n": "1", "max_tokens": "1", "top_k": "0"]
                fields[field] = number
                let others = fields.map { #""\#($0)": \#($1)"# }.joined(separator: ", ")
                let (status, _) = try await post(address, #"{"prompt": ["a", "b"], \#(others)}"#)
                #expect([200, 400].contains(status), "\(field) \(number)")
                let isInvalidCount = field == "n" || (field == "max_tokens" && number != "128")
                if isInvalidCount { #expect(status == 400, "\(field) \(number)") }
            }
            #expect(try await post(address, #"{"prompt": "a", "max_tokens": 1}"#).status == 200)
        }
    }

    @Test func whatCannotBeServedIsRefusedWithAReason() async throws {
        try await withCompletionServer { address in
            let bad = [
                "", "[]", #"{"prompt": []}"#, #"{"max_tokens": 0}"#, #"{"temperature": -1}"#,
                #"{"top_p": 0}"#, #"{"n": 1000}"#, #"{"stop": ""}"#, #"{"prompt": 5}"#,
            ]
            for body in bad {
                let (status, text) = try await post(address, body)
                #expect(status == 400 && text.contains("error"), "\(body)")
            }
            #expect(try await post(address, "{}", host: "evil.example").status == 403)
            let long = String(repeating: "x", count: ServerLimits().bodyBytes + 1)
            #expect(try await post(address, long).status == 413)
            let (_, response) = try await URLSession.shared.data(
                from: address.appendingPathComponent("other")
            )
            #expect((response as? HTTPURLResponse)?.statusCode == 404)
        }
    }
}
