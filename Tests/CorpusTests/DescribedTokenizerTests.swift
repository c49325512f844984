import Foundation
import Testing

@testable import Corpus

/// Folders that say more than `vocab.json` and `merges.txt` do (Fixtures/make_described_tokenizers.py).
@Suite struct DescribedTokenizerTests {
    private static let names = ["prefix-space", "added", "spaced-and-added", "template"]

    private func path(_ name: String) -> String { Fixture.path("described/" + name) }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    /// Texts and the reference's ids.
    private func cases(_ name: String) throws -> [(text: String, ids: [Int32])] {
        let data = try Data(contentsOf: URL(filePath: path("cases.json")))
        let all = try #require(JSONSerialization.jsonObject(with: data) as? [String: [[Any]]])
        return try #require(all[name]).map {
            (try #require($0[0] as? String), try #require($0[1] as? [Int]).map { Int32($0) })
        }
    }

    /// Opens a folder with these files.
    private func open(_ files: [String: String]) throws -> BytePairTokenizer {
        try Fixture.inFolder { folder in
            for (name, text) in files { _ = try Fixture.write(text, to: name, in: folder) }
            return try BytePairTokenizer(folder: folder)
        }
    }

    /// `vocab.json` and `merges.txt` of the fixtures, without the tokens that they add.
    private func pair() throws -> [String: String] {
        let tokenizer = try BytePairTokenizer(folder: path("prefix-space"))
        var files: [String: String] = [:]
        for (name, bytes) in tokenizer.files.prefix(2) {
            files[name] = String(decoding: bytes, as: UTF8.self)
        }
        return files
    }

    private func pair(and more: [String: String]) throws -> [String: String] {
        try pair().merging(more) { $1 }
    }

    private func expectRefusal(of files: [String: String], saying problem: String) {
        let error = #expect(throws: CorpusError.self) { try open(files) }
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test(arguments: names) func idsEqualTheReferences(name: String) throws {
        let tokenizer = try BytePairTokenizer(folder: path(name))
        let cases = try cases(name)
        #expect(cases.count > 200)
        for (text, ids) in cases {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test(arguments: names) func whatIsSavedIsTheSameTokenizer(name: String) throws {
        let tokenizer = try BytePairTokenizer(folder: path(name))
        let saved = try Fixture.inFolder { folder in
            try tokenizer.save(to: folder)
            return try BytePairTokenizer(folder: folder)
        }
        for (text, ids) in try cases(name) { #expect(saved.encode(text) == ids) }
        #expect(saved.endOfText == tokenizer.endOfText)
        #expect(saved.beginningOfText == tokenizer.beginningOfText)
        #expect(saved.beginsEveryText == tokenizer.beginsEveryText)
        #expect(saved.files.map(\.bytes) == tokenizer.files.map(\.bytes))
    }

    @Test func aPrefixSpaceMayBeNamedBesideThePair() throws {
        let tokenizer = try open(
            pair(and: ["tokenizer_config.json": #"{"add_prefix_space": true}"#])
        )
        for (text, ids) in try cases("prefix-space") { #expect(tokenizer.encode(text) == ids) }
    }

    /// Without flags a token is found anywhere, and special only if it has a role.
    @Test func addedTokensMayBeNamedBesideThePair() throws {
        let tokenizer = try open(
            pair(and: [
                "added_tokens.json": #"{"[MAIL]": 301, "</s>": 302}"#,
                "special_tokens_map.json": #"{"eos_token": {"content": "</s>", "lstrip": false}}"#,
            ])
        )
        #expect(tokenizer.encode("a[MAIL]s") == [64, 301, 82])
        #expect(tokenizer.endOfText == 302)
        #expect(tokenizer.beginningOfText == 302)
        #expect(!tokenizer.encode("</s>").contains(302))
        #expect(tokenizer.decode(tokenizer.encode("</s>[MAIL]")) == Array("</s>[MAIL]".utf8))
    }

    @Test(arguments: [
        ["config.json": #"{"eos_token_id": 301, "bos_token_id": 300}"#],
        ["generation_config.json": #"{"eos_token_id": [301], "bos_token_id": 300}"#],
    ])
    func theIdsOfAConfigurationEndAndBeginATextAndAreNeverText(files: [String: String]) throws {
        let added = ["added_tokens.json": #"{"<|end|>": 301}"#]
        let tokenizer = try open(pair(and: added.merging(files) { $1 }))
        #expect(tokenizer.endOfText == 301)
        #expect(tokenizer.beginningOfText == 300)
        #expect(!tokenizer.encode("a<|end|>b").contains(301))
        #expect(tokenizer.decode(tokenizer.encode("a<|end|>b")) == Array("a<|end|>b".utf8))
    }

    @Test func furtherEndingsAreThoseOfGeneration() throws {
        let files = [
            "added_tokens.json": #"{"<|end|>": 301, "<|im_end|>": 302}"#,
            "config.json": #"{"eos_token_id": 301}"#,
            "generation_config.json": #"{"eos_token_id": [301, 302, 198]}"#,
        ]
        let tokenizer = try open(pair(and: files))
        #expect(tokenizer.endOfText == 301)
        #expect(tokenizer.otherEndings == [198, 302])
        // 198 is a byte: it may end a text that is drawn, and is text all the same.
        #expect(tokenizer.encode(tokenizer.bytes(of: 198)) == [198])
        let saved = try Fixture.inFolder { folder in
            try tokenizer.save(to: folder)
            return try BytePairTokenizer(folder: folder)
        }
        #expect(saved.otherEndings == [198, 302] && saved.endOfText == 301)
    }

    /// What transformers writes for GPT-2 unless it is told another, whatever the vocabulary.
    @Test func theDefaultOfTransformersIsNoId() throws {
        let files = ["config.json": #"{"eos_token_id": 50256, "bos_token_id": 50256}"#]
        #expect(try open(pair(and: files)).endOfText == 300)
    }

    @Test(arguments: ["eos_token_id", "bos_token_id", "pad_token_id"])
    func idsThatAreNoTokensAreRefused(key: String) throws {
        for file in ["config.json", "generation_config.json"] {
            for id in ["301", "-1", "99999999999999999999", "\"a\"", "[300, 301]"] {
                expectRefusal(of: try pair(and: [file: "{\"\(key)\": \(id)}"]), saying: key)
            }
        }
    }

    @Test func theTemplateOfThePostProcessorNamesWhatBegins() throws {
        let tokenizer = try BytePairTokenizer(folder: path("template"))
        #expect(tokenizer.beginsEveryText)
        let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: 8)
        #expect(encoder.prefix(labels: []) == [tokenizer.beginningOfText])
        #expect(encoder.prefix(labels: [[0x61]]) == [tokenizer.beginningOfText, 64, 198, 198])
        #expect(tokenizer.bytes(of: tokenizer.beginningOfText) == Array("<s>".utf8))
        #expect(tokenizer.bytes(of: tokenizer.endOfText) == Array("</s>".utf8))
    }

    /// A label or a record that spells a special token is read as what it spells.
    @Test(arguments: ["added", "template"]) func specialTokensInRecordsAreText(name: String) throws
    {
        let tokenizer = try BytePairTokenizer(folder: path(name))
        let special = tokenizer.description.added.filter(\.isSpecial)
        #expect(special.count == 3)
        let encoder = ExampleEncoder(
            tokenizer: tokenizer,
            sequenceLength: 200,
            labelSet: try LabelSet(
                columns: ["a"],
                values: [special.map { String(decoding: $0.content, as: UTF8.self) }]
            )
        )
        for token in special {
            let record = Record(
                number: 1,
                text: token.content + [0x20] + token.content,
                labels: [token.content]
            )
            let tokens = try encoder.example(for: record).get().tokens
            let controls = Set(special.map { Int32($0.id) })
            let begin = tokenizer.beginsEveryText ? 1 : 0
            #expect(tokens.dropFirst(begin).dropLast().allSatisfy { !controls.contains($0) })
            #expect(tokens.last == tokenizer.endOfText)
        }
    }

    @Test func filesThatDisagreeAreRefused() throws {
        var files = try pair(and: ["tokenizer.json": text("prefix-space/tokenizer.json")])
        #expect(try open(files).encode("a") == [263])
        files["tokenizer_config.json"] = #"{"add_prefix_space": false}"#
        expectRefusal(of: files, saying: "add_prefix_space is true, in tokenizer_config.json false")
        files["tokenizer_config.json"] = nil
        let lines = try #require(files["merges.txt"]).split(separator: "\n").dropLast()
        files["merges.txt"] = lines.joined(separator: "\n")
        expectRefusal(of: files, saying: "it says otherwise than vocab.json and merges.txt")
        expectRefusal(
            of: try pair(and: [
                "tokenizer_config.json": #"{"eos_token": "a"}"#,
                "special_tokens_map.json": #"{"eos_token": "b"}"#,
            ]),
            saying: "eos_token is another than in"
        )
        expectRefusal(
            of: try pair(and: [
                "tokenizer.json": text("added/tokenizer.json"),
                "tokenizer_config.json":
                    #"{"added_tokens_decoder": {"305": {"content": "<a>", "lstrip": false}}}"#,
            ]),
            saying: "added token 305 has other flags"
        )
    }

    @Test(arguments: [
        (#"{"tokenizer_class": "Qwen2Tokenizer"}"#, "tokenizer_class is Qwen2Tokenizer"),
        (#"{"do_lower_case": true}"#, "do_lower_case is true"),
        (#"{"eos_token": "<end>"}"#, "eos_token is no token of the vocabulary"),
        (#"{"eos_token": "a"}"#, "token 64, which is to begin or end a text"),
        (#"{"pad_token": {"content": "[PAD]"}}"#, "pad_token is no token of the vocabulary"),
        (#"{"additional_special_tokens": ["<x>"]}"#, "additional_special_tokens 0 is no token"),
        (#"{"added_tokens_decoder": {"301": {"content": 5}}}"#, "lacks content or id"),
        (#"{"added_tokens_decoder": {"x": {"content": "y"}}}"#, "lacks content or id"),
        (#"{"added_tokens_decoder": {"305": {"content": "yy!"}}}"#, "outside 0..<302"),
    ])
    func whatIsNotSupportedIsRefusedByName(configuration: String, problem: String) throws {
        expectRefusal(
            of: try pair(and: ["tokenizer_config.json": configuration]),
            saying: problem
        )
    }

    @Test(arguments: [
        (#""normalizer":null"#, #""normalizer":{"type":"NFKC"}"#, "its normalizer NFKC"),
        (
            #""normalizer":null"#,
            #""normalizer":{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"Lowercase"}]}"#,
            "its normalizer Sequence of NFD, Lowercase"
        ),
        (
            #""post_processor":null"#,
            #""post_processor":{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0]}"#,
            "its post_processor RobertaProcessing"
        ),
        (
            #""decoder":{"type":"ByteLevel""#, #""decoder":{"type":"Metaspace""#,
            "its decoder Metaspace"
        ),
        (
            #""pre_tokenizer":{"type":"ByteLevel""#, #""pre_tokenizer":{"type":"Digits""#,
            "its pre_tokenizer Digits"
        ),
    ])
    func otherPartsAreRefusedByName(part: String, other: String, problem: String) throws {
        let json = try text("prefix-space/tokenizer.json")
            .replacing(#": "#, with: ":").replacing(#", ""#, with: #",""#)
        let spaced = json.replacing(part, with: other)
        #expect(spaced != json)
        expectRefusal(of: ["tokenizer.json": spaced], saying: problem)
    }

    /// White space that belongs to tokens is lost as in the reference; nothing else is.
    @Test func bytesThatAreNoUTF8ComeBackBesideAddedTokens() throws {
        let tokenizer = try BytePairTokenizer(folder: path("added"))
        let hostile: [[UInt8]] = [
            [0xFF] + Array("cat".utf8) + [0xC3], Array("[MAIL]".utf8) + [0xE2, 0x80],
            [0x80, 0x80, 0x80, 0x80, 0x80] + Array("cat".utf8), Array("cat".utf8) + [0x80],
        ]
        for bytes in hostile { #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes) }
    }
}
