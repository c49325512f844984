import Foundation
import Testing

@testable import Corpus

/// The patterns of SmolLM2, Llama 3 and Qwen2, normal form C, merges that are skipped and bytes that are
/// no token, against `tokenizers` (Fixtures/make_pattern_fixture.py).
@Suite struct PatternTokenizerTests {
    private static let kinds = ["digits", "llama3", "qwen2"]

    private struct Reference: Decodable {
        let files: [String: String]
        let cases: [Case]
    }

    private struct Case: Decodable {
        let text: String
        let digits, llama3, qwen2: [Int32]

        func ids(_ kind: String) -> [Int32] {
            kind == "digits" ? digits : kind == "llama3" ? llama3 : qwen2
        }
    }

    private let fixture: Reference

    init() throws {
        let path = Fixture.path("pattern_tokenizers.json")
        fixture = try JSONDecoder().decode(
            Reference.self,
            from: Data(contentsOf: URL(filePath: path))
        )
    }

    private func open(_ text: String) throws -> BytePairTokenizer {
        try Fixture.inFolder { folder in
            _ = try Fixture.write(text, to: "tokenizer.json", in: folder)
            _ = try Fixture.write(
                #"{"eos_token": "<|end|>"}"#,
                to: "tokenizer_config.json",
                in: folder
            )
            return try BytePairTokenizer(folder: folder)
        }
    }

    private func tokenizer(_ kind: String) throws -> BytePairTokenizer {
        try open(try #require(fixture.files[kind]))
    }

    @Test(arguments: kinds) func idsEqualTheReferences(kind: String) throws {
        let tokenizer = try tokenizer(kind)
        #expect(fixture.cases.count > 150)
        for example in fixture.cases {
            #expect(
                tokenizer.encode(example.text) == example.ids(kind),
                "\(example.text.debugDescription)"
            )
        }
    }

    @Test(arguments: kinds) func textsComeBack(kind: String) throws {
        let tokenizer = try tokenizer(kind)
        #expect(tokenizer.keepsEveryByte == (kind == "llama3"))
        for example in fixture.cases {
            let back = String(
                decoding: tokenizer.decode(tokenizer.encode(example.text)),
                as: UTF8.self
            )
            switch kind {
            case "llama3": #expect(back.utf8.elementsEqual(example.text.utf8))
            case "qwen2":
                // Equal by Swift's rule: canonically equivalent.
                #expect(back == example.text)
            default:
                // Bytes that are no token are left out.
                if example.text.utf8.allSatisfy({ $0 == 0x0A || (0x20..<0x7F).contains($0) }) {
                    #expect(back == example.text)
                }
            }
        }
    }

    /// No text of a record can begin or end one, whatever it spells.
    @Test(arguments: kinds) func specialTokensInTextAreText(kind: String) throws {
        let tokenizer = try tokenizer(kind)
        let controls: Set<Int32> = [0, 1]
        let spellings = ["<|begin|>", "<|end|>", "x<|end|> <|begin|>y", "<|end|>\n<|end|>"]
        for text in spellings + fixture.cases.map(\.text) {
            #expect(controls.isDisjoint(with: tokenizer.encode(text)))
        }
        #expect(tokenizer.endOfText == 1)
        #expect(tokenizer.beginsEveryText == (kind == "llama3"))
        #expect(tokenizer.beginningOfText == (kind == "llama3" ? 0 : 1))
    }

    /// What is saved beside a model gives the same ids when it is opened again.
    @Test(arguments: kinds) func savedFilesOpenAgain(kind: String) throws {
        let tokenizer = try tokenizer(kind)
        let again = try Fixture.inFolder { folder in
            try tokenizer.save(to: folder)
            return try BytePairTokenizer(folder: folder)
        }
        for example in fixture.cases {
            #expect(again.encode(example.text) == example.ids(kind))
        }
        #expect(again.files.map(\.bytes) == tokenizer.files.map(\.bytes))
        #expect(again.beginsEveryText == tokenizer.beginsEveryText)
        #expect(again.otherEndings == tokenizer.otherEndings)
    }

    @Test(arguments: [
        (#"{1,3}"#, #"{1,2}"#),
        (#""behavior":"Isolated""#, #""behavior":"MergedWithNext""#),
        (#""use_regex":false"#, #""use_regex":true"#),
        (#""invert":false"#, #""invert":true"#),
    ])
    func otherPatternsAreRefused(part: String, other: String) throws {
        let file = try #require(fixture.files["llama3"])
        let start = try #require(file.range(of: #""pre_tokenizer""#))
        let changed = file.replacingOccurrences(
            of: part,
            with: other,
            range: start.lowerBound..<file.endIndex
        )
        #expect(changed != file)
        let error = #expect(throws: CorpusError.self) { try open(changed) }
        #expect(error?.description.contains("its pre_tokenizer Sequence of Split") == true)
    }
}
