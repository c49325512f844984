import Corpus
import Foundation

/// The reader of `tokenizer.json`, or of `vocab.json` and `merges.txt`, and the tokenizer that comes
/// of it: what is accepted must give every byte string back.
struct TokenizerTarget: FuzzTarget {
    static let name = "tokenizer"
    /// Whether an input is `vocab.json`, a NUL and `merges.txt` instead of `tokenizer.json`.
    let isPair: Bool
    var fileName: String { isPair ? "pair" : "tokenizer.json" }
    let dictionary = [
        "\"a\"", "\"Ġ\"", "\"Ċ\"", "\"<|endoftext|>\"", ":", ",", "{", "}", "[", "]", "null",
        "true",
        "false", "0", "257", "-1", "1e3", "\"id\":", "\"content\":", "\"merges\":", "\"vocab\":",
        "\"model\":", "\"type\":", "\"BPE\"", "\"ByteLevel\"", "\"special\":", "\"lstrip\":",
        "\"normalizer\":", "\"dropout\":",
        "\\u0120", "\\ud800", "#version: 0.2\n", "a b\n", "Ġ t\n", " ", "\n", "\0", "\\n",
    ].map { Array($0.utf8) }

    private static let probes: [[UInt8]] = [
        Array("the cat's 12  mats\r\n\r\n\té 猫 😀 <|endoftext|>".utf8),
        [0xFF, 0xC0, 0x80, 0x20, 0xED],
        Array(0...255), [UInt8](repeating: 0x74, count: 600),
    ]

    func seeds() throws -> [[UInt8]] {
        var trainer = BytePairTrainer(vocabularySize: 270, minimumFrequency: 1)
        trainer.add(Array("the cat sat on the mat that the cat ate; then the theme".utf8))
        let files = trainer.tokenizer().files
        let (vocabulary, merges) = (files[0].bytes, files[1].bytes)
        if isPair { return [vocabulary + [0] + merges] }
        let pairs = String(decoding: merges, as: UTF8.self).split(separator: "\n").dropFirst()
            .map { "\"\($0)\"" }.joined(separator: ",")
        let end = trainer.tokenizer().endOfText
        let json = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":\(end),\
            "content":"<|endoftext|>","single_word":false,"lstrip":false,"rstrip":false,\
            "normalized":false,"special":true}],"normalizer":null,"pre_tokenizer":\
            {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},\
            "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",\
            "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false,"merges":[\(pairs)],\
            "vocab":\(String(decoding: vocabulary, as: UTF8.self))}}
            """
        return [Array(json.utf8)]
    }

    func run(folder: String, bytes: [UInt8]) throws -> String {
        var model = folder
        if isPair {
            model += "/pair-files"
            let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            let files = FileManager.default
            try files.createDirectory(atPath: model, withIntermediateDirectories: true)
            for (name, part) in zip(["vocab.json", "merges.txt"], parts + [[]]) {
                try Data(part).write(to: URL(filePath: model + "/" + name))
            }
        }
        let tokenizer = try BytePairTokenizer(folder: model)
        for probe in Self.probes {
            let ids = tokenizer.encode(probe)
            precondition(ids.allSatisfy { (0..<Int32(tokenizer.vocabularySize)).contains($0) })
            precondition(
                !ids.contains(tokenizer.endOfText) && !ids.contains(tokenizer.beginningOfText),
                "text became the special token"
            )
            if tokenizer.keepsEveryByte {
                precondition(tokenizer.decode(ids) == probe, "a text did not come back")
            }
        }
        return "accepted"
    }
}
