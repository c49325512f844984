import Corpus
import Foundation
import LocalServer
import Testing

@testable import CompletionServer

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What would be answered otherwise than it was asked is refused, as OpenAI's server refuses.
@Suite struct RefusedRequestTests {
    private struct Reply: Decodable {
        struct Choice: Decodable { let text, finish_reason: String }
        struct Usage: Decodable { let prompt_tokens, completion_tokens: Int }
        struct Detail: Decodable { let message, type: String, param, code: String? }
        let choices: [Choice]?
        let usage: Usage?
        let error: Detail?
        let id: String?
    }

    private func ask(
        _ address: URL,
        _ path: String,
        _ body: String? = nil,
        method: String? = nil
    ) async throws -> (status: Int, allow: String?, reply: Reply) {
        var request = URLRequest(url: try #require(URL(string: "\(address)/\(path)")))
        request.httpMethod = method ?? (body == nil ? "GET" : "POST")
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = response as? HTTPURLResponse
        return (
            answer?.statusCode ?? 0, answer?.value(forHTTPHeaderField: "Allow"),
            try JSONDecoder().decode(Reply.self, from: data)
        )
    }

    /// The model has a context of 64 tokens, one a byte, and end-of-text stands before a prompt.
    @Test func aPromptLongerThanTheContextIsRefusedNotCut() async throws {
        try await withCompletionServer { address in
            func prompt(_ length: Int) -> String {
                let text = String(repeating: "x", count: length)
                return #"{"prompt": ["", "\#(text)"], "max_tokens": 5, "seed": 1}"#
            }
            let (status, _, refusal) = try await ask(address, "completions", prompt(64))
            #expect(status == 400)
            #expect(refusal.error?.code == "context_length_exceeded")
            #expect(refusal.error?.type == "invalid_request_error")
            #expect(
                refusal.error?.message
                    == "This model's context is 64 tokens; the prompt has 65 and max_tokens asks for 5"
                    + " more. Shorten the prompt."
            )
            // What fits is answered for as long as there is room.
            let fitting = try await ask(address, "completions", prompt(63))
            #expect(fitting.status == 200 && fitting.reply.usage?.prompt_tokens == 1 + 64)
            #expect(fitting.reply.choices?.count == 2)
            if fitting.reply.choices?[1].finish_reason == "length" {
                #expect(try #require(fitting.reply.usage).completion_tokens <= 5 + 1)
            }
        }
    }

    @Test(arguments: [
        ("logprobs", "1", false), ("logprobs", "0", false), ("logprobs", "null", true),
        ("logprobs", "false", true), ("echo", "true", false), ("echo", "false", true),
        ("suffix", #""end""#, false), ("suffix", #""""#, true), ("best_of", "3", false),
        ("best_of", "2", true), ("best_of", "null", true), ("presence_penalty", "0.5", false),
        ("presence_penalty", "0", true), ("frequency_penalty", "-1", false),
        ("frequency_penalty", "0.0", true), ("logit_bias", #"{"50256": -100}"#, false),
        ("logit_bias", "{}", true), ("echo", #""yes""#, false), ("user", #""me""#, true),
        ("metadata", #"{"a": "b"}"#, true), ("min_p", "0.1", false), ("max_token", "5", false),
        ("repetition_penalty", "1.3", false), ("messages", "[]", false),
        ("Temperature", "0", false),
        ("grammar", #""x""#, false), ("tools", "null", true), ("", "1", false),
    ])
    func aParameterThatIsNotKnownIsNamed(field: String, value: String, isTaken: Bool) throws {
        let body = Data(#"{"prompt": "a", "n": 2, "\#(field)": \#(value)}"#.utf8)
        if isTaken {
            #expect(try CompletionRequest.read(body).count == 2)
        } else {
            let refusal = ErrorReply(
                "this server does not know \(field); leave it out",
                param: field
            )
            #expect(throws: refusal) { try CompletionRequest.read(body) }
        }
    }

    @Test func optionsOfAStreamAreKnownOrNamed() throws {
        func read(_ options: String) throws -> Bool {
            let body = #"{"stream": true, "stream_options": \#(options)}"#
            return try CompletionRequest.read(Data(body.utf8)).includesUsage
        }
        #expect(try read(#"{"include_usage": true, "include_obfuscation": false}"#))
        #expect(try !read("null"))
        let refusal = ErrorReply(
            "this server does not know stream_options.usage; leave it out",
            param: "stream_options.usage"
        )
        #expect(throws: refusal) { try read(#"{"usage": true}"#) }
    }

    @Test func theNewNameOfTheTokenLimitIsTheOldOne() throws {
        func read(_ fields: String) throws -> Int {
            try CompletionRequest.read(Data("{\(fields)}".utf8)).maxTokens
        }
        #expect(try read(#""max_completion_tokens": 7"#) == 7)
        #expect(try read(#""max_tokens": 7, "max_completion_tokens": 7"#) == 7)
        #expect(try read(#""max_tokens": null, "max_completion_tokens": 3"#) == 3)
        #expect(throws: ErrorReply.self) { try read(#""max_completion_tokens": 0"#) }
        let both = ErrorReply(
            "max_tokens is 7 and max_completion_tokens 8; send one of them",
            param: "max_completion_tokens"
        )
        #expect(throws: both) { try read(#""max_tokens": 7, "max_completion_tokens": 8"#) }
    }

    @Test(arguments: [
        (#""tiny""#, 200), (#""default""#, 200), ("null", 200), (#""gpt-4""#, 404), (#""""#, 404),
        ("5", 400),
    ])
    func anotherModelIsNotFound(model: String, status: Int) async throws {
        try await withCompletionServer { address in
            let (answered, _, reply) = try await ask(
                address,
                "completions",
                #"{"model": \#(model), "max_tokens": 1}"#
            )
            #expect(answered == status)
            guard status == 404 else { return }
            #expect(reply.error?.code == "model_not_found" && reply.error?.param == "model")
            #expect(reply.error?.message == "there is no such model; this server has tiny")
        }
    }

    @Test func aValueThatCannotBeUsedIsNamedByItsField() {
        for field in ["max_tokens", "temperature", "prompt", "stop", "seed"] {
            #expect(throws: ErrorReply("the value of \(field) cannot be used", param: field)) {
                try CompletionRequest.read(Data(#"{"\#(field)": {"a": 1}}"#.utf8))
            }
        }
        #expect(throws: ErrorReply("the body is not a completion request")) {
            try CompletionRequest.read(Data("[]".utf8))
        }
    }

    /// They are the prompt as they are; the same ids as text get end-of-text before them.
    @Test func tokenIdsAreAPrompt() throws {
        let model = TinyModel.make()
        func tokens(_ prompt: String) throws -> [[Int32]] {
            try model.tokens(of: CompletionRequest.read(Data(#"{"prompt": \#(prompt)}"#.utf8)))
        }
        #expect(try tokens("[5, 6]") == [[5, 6]])
        #expect(try tokens("[[5], [6, 7]]") == [[5], [6, 7]])
        #expect(try tokens(#"["a", "b"]"#).map(\.count) == [2, 2])
        #expect(try tokens("null") == [[model.tokenizer.endOfText]])
        let size = model.tokenizer.vocabularySize
        for (prompt, message) in [
            ("[\(size)]", "token id \(size) of prompt is not in 0..<\(size)"),
            ("[-1]", "token id -1 of prompt is not in 0..<\(size)"),
            ("[[5], []]", "a prompt of token ids needs at least one"),
            ("[5, \"a\"]", "the value of prompt cannot be used"),
            ("[99999999999]", "the value of prompt cannot be used"),
        ] {
            #expect(throws: ErrorReply(message, param: "prompt")) { try tokens(prompt) }
        }
    }

    @Test func aModelIsFoundByItsNameAndOtherMethodsAreNotAllowed() async throws {
        try await withCompletionServer { address in
            let found = try await ask(address, "models/tiny")
            #expect(found.status == 200 && found.reply.id == "tiny")
            let missing = try await ask(address, "models/other")
            #expect(missing.status == 404 && missing.reply.error?.code == "model_not_found")
            for (path, method, allowed) in [
                ("models", "POST", "GET"), ("models/tiny", "DELETE", "GET"),
                ("completions", "GET", "POST"), ("completions", "PUT", "POST"),
            ] {
                let other = try await ask(address, path, method: method)
                #expect(other.status == 405 && other.allow == allowed, "\(method) \(path)")
                #expect(other.reply.error != nil)
            }
            #expect(try await ask(address, "other").status == 404)
        }
    }
}
