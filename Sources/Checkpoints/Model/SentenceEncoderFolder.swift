import Autograd
import Cryptography
import Foundation
import Kernels
package import LanguageModel

/// A folder that holds a BERT-style sentence encoder: `config.json`, `vocab.txt`,
/// `model.safetensors`, and maybe `sentence_bert_config.json` with its longest sequence.
package struct SentenceEncoderFolder: Sendable {
    private static let longestVocabulary = 32 << 20

    /// Where the folder lies.
    package let path: String

    /// Names the folder; nothing is read.
    package init(path: String) { self.path = path }

    /// Whether the folder looks like one of these.
    package static func isSentenceEncoder(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/vocab.txt")
    }

    /// Opens the encoder; names, shapes and finiteness of the weights are checked.
    package func load() throws(CheckpointError) -> SentenceEncoder {
        let json = try read("config.json", limit: 1 << 20)
        guard
            let configuration = try? JSONDecoder().decode(
                SentenceEncoderConfiguration.self,
                from: Data(json)
            )
        else { throw .model(path: path, problem: "config.json is not that of a BERT with gelu") }
        let vocabulary = try read("vocab.txt", limit: Self.longestVocabulary)
        let lowercases = try lowercases()
        guard
            let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, lowercases: lowercases),
            tokenizer.largestID < configuration.vocabularySize
        else { throw .model(path: path, problem: "vocab.txt is not the one of config.json") }
        let parameters = try loadParameters(configuration)
        var digest = SHA256()
        digest.update(json)
        digest.update(vocabulary)
        if !lowercases { digest.update(Array("cased".utf8)) }
        for entry in parameters.layout.entries {
            parameters.values.withSpan(entry.range) { span in
                unsafe digest.update(span.bytes)
            }
        }
        let folder = URL(fileURLWithPath: path).lastPathComponent
        return SentenceEncoder(
            parameters,
            tokenizer: tokenizer,
            name: "sentence encoder \(folder), \(configuration.width) dimensions",
            digest: digest.finalize(),
            tokenLimit: try tokenLimit()
        )
    }

    private func read(_ name: String, limit: Int) throws(CheckpointError) -> [UInt8] {
        try InputFile(path + "/" + name).contents(limit: limit)
    }

    /// What `tokenizer_config.json` and `tokenizer.json` say about letters; lower case without them.
    ///
    /// - Throws: `CheckpointError.model` for another treatment than BERT's cased or uncased one.
    private func lowercases() throws(CheckpointError) -> Bool {
        struct Letters: Decodable {
            let do_lower_case: Bool?
            let lowercase: Bool?
            let strip_accents: Bool?
            let tokenize_chinese_chars: Bool?
            let handle_chinese_chars: Bool?
            let type: String?
        }
        struct Tokenizer: Decodable { let normalizer: Letters? }
        var found: [Letters] = []
        for name in ["tokenizer_config.json", "tokenizer.json"] {
            guard FileManager.default.fileExists(atPath: path + "/" + name) else { continue }
            let json = Data(try read(name, limit: Self.longestVocabulary))
            let isWhole = name == "tokenizer.json"
            let letters =
                isWhole
                ? (try? JSONDecoder().decode(Tokenizer.self, from: json))?.normalizer
                : try? JSONDecoder().decode(Letters.self, from: json)
            guard let letters, !isWhole || letters.type == "BertNormalizer" else {
                throw .model(path: path, problem: "\(name) has another normalizer than BERT's")
            }
            found.append(letters)
        }
        let lowercases = found.compactMap { $0.do_lower_case ?? $0.lowercase }
        let isLower = lowercases.first ?? true
        guard lowercases.allSatisfy({ $0 == isLower }),
            found.allSatisfy({ ($0.strip_accents ?? isLower) == isLower }),
            found.allSatisfy({ ($0.tokenize_chinese_chars ?? $0.handle_chinese_chars) != false })
        else {
            throw .model(
                path: path,
                problem: "its tokenizer treats letters neither as BERT's cased nor as its uncased "
                    + "tokenizer"
            )
        }
        return isLower
    }

    /// What the settings say, or the customary 256 without them.
    private func tokenLimit() throws(CheckpointError) -> Int {
        struct Settings: Decodable { let max_seq_length: Int? }
        let name = "sentence_bert_config.json"
        guard FileManager.default.fileExists(atPath: path + "/" + name) else { return 256 }
        let json = try read(name, limit: 1 << 20)
        guard let settings = try? JSONDecoder().decode(Settings.self, from: Data(json)) else {
            throw .model(path: path, problem: "\(name) does not say how long a sequence may be")
        }
        return settings.max_seq_length ?? 256
    }

    private func loadParameters(
        _ configuration: SentenceEncoderConfiguration
    ) throws(CheckpointError) -> SentenceEncoderParameters {
        let file = path + "/model.safetensors"
        let reader = try SafetensorsReader(path: file)
        let layout = SentenceEncoderParameters.layout(of: configuration)
        var tensors: [String: SafetensorsTensor] = [:]
        for tensor in reader.header.tensors {
            let bare = SafetensorsModel.bareName(tensor.name)
            let name = bare.hasPrefix("bert.") ? String(bare.dropFirst(5)) : bare
            guard tensors.updateValue(tensor, forKey: name) == nil else {
                let shown = CheckpointError.printable(tensor.name.utf8)
                throw .model(path: file, problem: "tensor \(shown) is there twice")
            }
        }
        // Others, such as the pooler, are not part of the mean of the last states.
        for entry in layout.entries {
            guard let tensor = tensors[entry.name] else {
                throw .model(path: file, problem: "tensor \(entry.name) is missing")
            }
            guard tensor.shape == entry.shape else {
                throw .model(
                    path: file,
                    problem: "tensor \(entry.name) has the shape \(tensor.shape) instead of "
                        + "\(entry.shape)"
                )
            }
        }
        // What the configuration claims is in the file: now it may take memory.
        let parameters = SentenceEncoderParameters(zeros: configuration)
        for entry in layout.entries {
            guard let tensor = tensors[entry.name] else { continue }
            try reader.read(tensor, into: parameters.values, at: entry.offset)
        }
        return parameters
    }
}
