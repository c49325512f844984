import Autograd
import Crypto
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
        guard let tokenizer = WordPieceTokenizer(vocabulary: vocabulary),
            tokenizer.largestID < configuration.vocabularySize
        else { throw .model(path: path, problem: "vocab.txt is not the one of config.json") }
        let parameters = try loadParameters(configuration)
        var digest = SHA256()
        digest.update(data: json)
        digest.update(data: vocabulary)
        for entry in parameters.layout.entries {
            parameters.values.withSpan(entry.range) { span in
                unsafe span.bytes.withUnsafeBytes { unsafe digest.update(bufferPointer: $0) }
            }
        }
        let folder = URL(fileURLWithPath: path).lastPathComponent
        return SentenceEncoder(
            parameters,
            tokenizer: tokenizer,
            name: "sentence encoder \(folder), \(configuration.width) dimensions",
            digest: Array(digest.finalize()),
            tokenLimit: try tokenLimit()
        )
    }

    private func read(_ name: String, limit: Int) throws(CheckpointError) -> [UInt8] {
        try InputFile(path + "/" + name).contents(limit: limit)
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
        let parameters = SentenceEncoderParameters(zeros: configuration)
        var tensors: [String: SafetensorsTensor] = [:]
        for tensor in reader.header.tensors {
            let name =
                tensor.name.hasPrefix("bert.") ? String(tensor.name.dropFirst(5)) : tensor.name
            tensors[name] = tensor
        }
        // Others, such as the pooler, are not part of the mean of the last states.
        for entry in parameters.layout.entries {
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
            try reader.read(tensor, into: parameters.values, at: entry.offset)
        }
        return parameters
    }
}
