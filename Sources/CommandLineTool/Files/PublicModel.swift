import Checkpoints
import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LanguageModel

/// A GPT-2 with its tokenizer, to propose texts and to embed them.
struct PublicModel {
    let name: String
    let tokenizer: BytePairTokenizer
    let parameters: GPT2Parameters

    /// Opens a model folder or run.
    ///
    /// - Throws: `CheckpointError`, `CorpusError`.
    init(folder: String) throws {
        name = URL(filePath: folder).lastPathComponent
        tokenizer = try BytePairTokenizer(folder: folder)
        parameters = try ModelFolder(path: folder).loadParameters()
    }

    /// For metrics that train a model.
    var measuringModel: MeasuringModel {
        MeasuringModel(
            name: name,
            parameters: parameters,
            endOfText: tokenizer.endOfText,
            tokenize: { [tokenizer] in tokenizer.encode($0) }
        )
    }

    /// H(shape, weights, tokenizer).
    func digest(_ parallel: ParallelFor) -> [UInt8] {
        // The digest must tell weights apart, not hide them: a public key will do.
        let weights = StateDigest(secret: .insecure(seed: 0), parallel: parallel)
        return ContentDigest(
            domain: "embedding-model",
            fields: [
                ("configuration", Array("\(parameters.configuration)".utf8)),
                ("weights", weights([parameters.values]).bytes),
            ] + tokenizer.files.map { ("tokenizer/" + $0.name, $0.bytes) }
        ).bytes
    }

    /// Mean-pooled hidden states.
    func embedder(_ parallel: ParallelFor) -> HiddenStateEmbedder {
        HiddenStateEmbedder(
            parameters,
            modelName: name,
            digest: digest(parallel),
            endOfText: tokenizer.endOfText,
            tokenize: { [tokenizer] in tokenizer.encode($0) }
        )
    }
}
