import Foundation
import TestData
import Testing

@testable import Corpus

@Suite struct VocabularyFilesTests {
    /// The members of a smallest vocabulary: 256 bytes, "ab" and end-of-text, by spelling.
    private func members() -> [(String, String)] {
        let bytes = ByteAlphabet.bytes.enumerated().map { id, byte in
            (String(decoding: ByteAlphabet.encode([byte]), as: UTF8.self), "\(id)")
        }
        return bytes + [("ab", "256"), ("<|endoftext|>", "257")]
    }

    private func json(_ members: [(String, String)]) -> String {
        let lines = members.map { spelling, id in
            var text: [UInt8] = []
            JSONText.appendString(Array(spelling.utf8), to: &text)
            return String(decoding: text, as: UTF8.self) + ":" + id
        }
        return "{" + lines.joined(separator: ",") + "}"
    }

    private func open(_ files: [String: String]) throws -> BytePairTokenizer {
        try Fixture.inFolder { folder in
            for (name, text) in files { _ = try Fixture.write(text, to: name, in: folder) }
            return try BytePairTokenizer(folder: folder)
        }
    }

    @Test(arguments: ["#version: 0.2\na b\n", "a b", "a b\r\n\r\n", "#version: 0.2\r\na b\r\n"])
    func mergesMayHaveAHeaderAndAnyLineEnds(_ merges: String) throws {
        let tokenizer = try open(["vocab.json": json(members()), "merges.txt": merges])
        #expect(tokenizer.encode("aab") == [64, 256])
        #expect(tokenizer.vocabularySize == 258)
        #expect(tokenizer.endOfText == 257)
    }

    @Test(arguments: [
        ("a b\na b\n", "merge 2: the pair has a rank already"),
        ("a zz\n", "merge 1: a part or the result is no token"),
        ("b a\n", "merge 1: a part or the result is no token"),
        ("a b\na\n", "line 2 is not two tokens"), ("a b c\n", "line 1 is not two tokens"),
        ("a  b\n", "line 1 is not two tokens"),
    ]) func badMergesAreRefused(_ merges: String, _ problem: String) {
        expectMalformed(problem) {
            try open(["vocab.json": json(members()), "merges.txt": merges])
        }
    }

    private func expectMalformed(_ problem: String, _ body: () throws -> BytePairTokenizer) {
        do {
            _ = try body()
            Issue.record("it was opened")
        } catch CorpusError.malformedFile(_, let found) {
            #expect(found.contains(problem), "\(found)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func badVocabulariesAreRefused() {
        let good = members()
        let cases: [(String, [(String, String)])] = [
            ("used twice", good.dropLast(2) + [("ab", "255"), ("<|endoftext|>", "257")]),
            ("outside 0..<258", good.dropLast() + [("<|endoftext|>", "258")]),
            ("outside 0..<258", good.dropLast() + [("<|endoftext|>", "-1")]),
            ("no token <|endoftext|>", good.dropLast() + [("abc", "257")]),
            ("not an integer", good.dropLast() + [("<|endoftext|>", "1.5")]),
            ("not an integer", good.dropLast() + [("<|endoftext|>", "99999999999999999999")]),
            ("byte alphabet", good.dropLast(2) + [("a b", "256"), ("<|endoftext|>", "257")]),
            ("is no token; every byte", good.dropFirst() + [("abc", "0")]),
            ("a key occurs twice", good + [("ab", "258")]),
            ("token 256 is empty", good.dropLast(2) + [("", "256"), ("<|endoftext|>", "257")]),
        ]
        for (problem, members) in cases {
            expectMalformed(problem) { try open(["vocab.json": json(members), "merges.txt": ""]) }
        }
        expectMalformed("not an object") { try open(["vocab.json": "[]", "merges.txt": ""]) }
        expectMalformed("not JSON, at byte 1") { try open(["vocab.json": "{", "merges.txt": ""]) }
    }

    @Test func missingAndHugeFilesAreRefused() throws {
        #expect(throws: CorpusError.self) { try open([:]) }
        #expect(throws: CorpusError.self) { try open(["vocab.json": json(members())]) }
        #expect(throws: CorpusError.fileTooLarge(path: "x", bytes: 11, limit: 10).self) {
            try Fixture.inFolder { folder in
                let path = try Fixture.write("12345678901", to: "x", in: folder)
                do {
                    _ = try InputFile.contents(path: path, limit: 10)
                } catch CorpusError.fileTooLarge(_, let bytes, let limit) {
                    throw CorpusError.fileTooLarge(path: "x", bytes: bytes, limit: limit)
                }
            }
        }
    }

    private func tokenizerJSON(
        _ merges: String,
        model: String = "",
        rest: String = "\"normalizer\":null",
        cut: String = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}"#
    ) -> String {
        let vocabulary = json(Array(members().dropLast()))
        return """
            {"added_tokens":[{"id":257,"content":"<|endoftext|>","special":true}],\(rest),
            "pre_tokenizer":\(cut),
            "model":{"type":"BPE",\(model)"dropout":null,"vocab":\(vocabulary),"merges":\(merges)}}
            """
    }

    @Test(arguments: [#"["a b"]"#, #"[["a","b"]]"#]) func tokenizerJSONOpens(_ merges: String)
        throws
    {
        let tokenizer = try open(["tokenizer.json": tokenizerJSON(merges)])
        #expect(tokenizer.encode("ab") == [256])
        #expect(tokenizer.endOfText == 257)
    }

    /// Special tokens need not be spelled in the byte alphabet; what is saved must open again.
    @Test(arguments: ["[NEW LINE]", "‹｜end｜>", "<|pad|>"])
    func addedTokensAreSavedAndOpenedAgain(_ spelling: String) throws {
        let extra = #"{"id":258,"content":"\#(spelling)","special":true},"#
        let text = tokenizerJSON(#"["a b"]"#).replacingOccurrences(
            of: #""added_tokens":["#,
            with: #""added_tokens":["# + extra
        )
        let tokenizer = try open(["tokenizer.json": text])
        let saved = try Fixture.inFolder { folder in
            try tokenizer.save(to: folder)
            return try BytePairTokenizer(folder: folder)
        }
        for one in [tokenizer, saved] {
            #expect(one.vocabularySize == 259 && one.endOfText == 257)
            #expect(one.decode([258]) == Array(spelling.utf8))
            #expect(!one.encode(spelling).contains(258))
        }
        #expect(
            saved.files.map(\.name) == [
                "vocab.json", "merges.txt", "added_tokens.json", "tokenizer_config.json",
            ]
        )
        #expect(saved.files.map(\.bytes) == tokenizer.files.map(\.bytes))
    }

    @Test func anAddedTokenWithAnotherIdIsRefused() {
        expectMalformed("added token 300 has id 257 too") {
            try open([
                "vocab.json": json(members()), "merges.txt": "a b",
                "added_tokens.json": #"{"<|endoftext|>": 300}"#,
            ])
        }
    }

    @Test func tokenizerJSONOfOtherAlgorithmsIsRefused() {
        let merges = #"["a b"]"#
        let cases = [
            ("falls back to bytes", tokenizerJSON(merges, model: "\"byte_fallback\":true,")),
            (
                "end_of_word_suffix",
                tokenizerJSON(merges, model: "\"end_of_word_suffix\":\"</w>\",")
            ),
            ("normalizer", tokenizerJSON(merges, rest: #""normalizer":{"type":"NFKC"}"#)),
            ("not ByteLevel", tokenizerJSON(merges, cut: #"{"type":"Whitespace"}"#)),
            ("not two tokens", tokenizerJSON("[5]")), ("no \"model\"", "{}"),
            ("not BPE", #"{"model":{"type":"WordPiece"}}"#),
        ]
        for (problem, text) in cases {
            expectMalformed(problem) { try open(["tokenizer.json": text]) }
        }
    }

    @Test func hostileVocabulariesNeverCrash() throws {
        let good = Array(json(members()).utf8)
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<50 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.removeSubrange(place..<min(place + 3, bytes.count))
                default: bytes.insert(contentsOf: bytes[0..<min(place, 40)], at: place)
                }
            }
            try Fixture.inFolder { folder in
                _ = try Fixture.write(bytes, to: "vocab.json", in: folder)
                _ = try Fixture.write("a b\n", to: "merges.txt", in: folder)
                guard let tokenizer = try? BytePairTokenizer(folder: folder) else { return }
                #expect(tokenizer.decode(tokenizer.encode(good)) == good)
            }
        }
    }
}
