import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Against transformers: a tiny random BERT, and a real one where DPSCRIBE_SENTENCE_ENCODER names
/// a folder with `cases.json` (see make_sentence_encoder.py).
@Suite struct SentenceEncoderTests {
    struct Case: Decodable {
        let text: String
        let ids: [Int32]
        let vector: [Float]
    }

    static let fixture = Bundle.module.bundlePath + "/Fixtures/sentence-encoder"
    static let folders =
        [fixture]
        + [ProcessInfo.processInfo.environment["DPSCRIBE_SENTENCE_ENCODER"]].compactMap(\.self)

    func cases(_ folder: String) throws -> [Case] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/cases.json"))
        return try JSONDecoder().decode([Case].self, from: data)
    }

    @Test(arguments: folders)
    func tokenIDsEqualTheReference(folder: String) throws {
        let vocabulary = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/vocab.txt")))
        let tokenizer = try #require(WordPieceTokenizer(vocabulary: vocabulary))
        let limit = folder == Self.fixture ? 24 : 256
        for example in try cases(folder) {
            #expect(tokenizer.encode(example.text, limit: limit) == example.ids)
        }
    }

    /// Far inside the bound of 1e-4 on the cosine: single precision, other summation order.
    @Test(arguments: folders)
    func vectorsEqualTheReference(folder: String) throws {
        let encoder = try SentenceEncoderFolder(path: folder).load()
        let cases = try cases(folder)
        let embedded = try encoder.embed(
            cases.map(\.text),
            parallel: ParallelFor(threadCount: 2)
        )
        for (index, example) in cases.enumerated() {
            let cosine = zip(embedded.row(index), example.vector).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            #expect(abs(cosine - 1) < 1e-5)
        }
    }

    /// A copy of the fixture with further files.
    private func folder(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["config.json", "vocab.txt", "model.safetensors"] {
            _ = try folder.write(TemporaryFolder.bytes(Self.fixture + "/" + name), to: name)
        }
        for (name, text) in files { _ = try folder.write(Array(text.utf8), to: name) }
        return folder
    }

    @Test(arguments: [
        ("tokenizer_config.json", #"{"do_lower_case": true, "strip_accents": null}"#, true),
        ("tokenizer_config.json", #"{"do_lower_case": false}"#, false),
        (
            "tokenizer.json", #"{"normalizer": {"type": "BertNormalizer", "lowercase": false}}"#,
            false
        ),
    ])
    func theCaseOfLettersIsWhatTheFolderSays(name: String, json: String, isLower: Bool) throws {
        let folder = try folder([name: json])
        let encoder = try withExtendedLifetime(folder) {
            try SentenceEncoderFolder(path: folder.path).load()
        }
        let vectors = try encoder.embed(["ABC", "abc"], parallel: ParallelFor(threadCount: 1))
        #expect((vectors.row(0) == vectors.row(1)) == isLower)
        let plain = try SentenceEncoderFolder(path: Self.fixture).load()
        let same = try plain.embed(["abc"], parallel: ParallelFor(threadCount: 1))
        #expect(same.row(0) == vectors.row(1))
    }

    @Test(arguments: [
        ("tokenizer_config.json", #"{"do_lower_case": false, "strip_accents": true}"#, "letters"),
        ("tokenizer_config.json", #"{"tokenize_chinese_chars": false}"#, "letters"),
        ("tokenizer.json", #"{"normalizer": {"type": "Precompiled"}}"#, "another normalizer"),
        ("tokenizer.json", "[", "another normalizer"),
    ])
    func otherTreatmentOfLettersIsRefused(name: String, json: String, problem: String) throws {
        let folder = try folder([name: json])
        let error = #expect(throws: CheckpointError.self) {
            try SentenceEncoderFolder(path: folder.path).load()
        }
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func aTextsVectorDoesNotDependOnOtherTexts() throws {
        let encoder = try SentenceEncoderFolder(path: Self.fixture).load()
        let texts = try cases(Self.fixture).map(\.text)
        let together = try encoder.embed(texts, parallel: ParallelFor(threadCount: 3))
        for (index, text) in texts.enumerated() {
            let alone = try encoder.embed([text], parallel: ParallelFor(threadCount: 1))
            #expect(alone.row(0) == together.row(index))
        }
    }

    @Test func foldersThatDoNotFitAreRefused() throws {
        let folder = NSTemporaryDirectory() + "encoder-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func put(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        #expect(throws: CheckpointError.self) {
            try SentenceEncoderFolder(path: folder + "/none").load()
        }
        let vocabulary = try String(contentsOfFile: folder + "/vocab.txt", encoding: .utf8)
        try put("vocab.txt", vocabulary + "more\n")
        #expect(throws: CheckpointError.self) { try SentenceEncoderFolder(path: folder).load() }
        try put("vocab.txt", "[UNK]\n")
        #expect(throws: CheckpointError.self) { try SentenceEncoderFolder(path: folder).load() }
        try put("vocab.txt", vocabulary)
        let config = try String(contentsOfFile: folder + "/config.json", encoding: .utf8)
        for (old, new) in [("\"gelu\"", "\"relu\""), (": 40", ": 41"), (": 3,", ": 5,")] {
            try put("config.json", config.replacing(old, with: new))
            #expect(throws: CheckpointError.self) {
                try SentenceEncoderFolder(path: folder).load()
            }
        }
        try put("config.json", config)
        for settings in ["{\"max_seq_length\": null}", "{}"] {
            try put("sentence_bert_config.json", settings)
            _ = try SentenceEncoderFolder(path: folder).load()
        }
        for settings in ["{\"max_seq_length\": \"24\"}", "{\"max_seq_"] {
            try put("sentence_bert_config.json", settings)
            #expect(throws: CheckpointError.self) {
                try SentenceEncoderFolder(path: folder).load()
            }
        }
    }
}
