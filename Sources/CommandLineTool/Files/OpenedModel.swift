import Checkpoints
import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import PrivateTraining
import Training

/// A language model with its tokenizer and what its weights guarantee, from a model folder, run or release.
///
/// Every command that uses one opens it here, so that none uses a run whose ledger does not hold.
struct OpenedModel {
    let name: String
    private let folder: String
    let tokenizer: BytePairTokenizer
    let parameters: DecoderParameters
    /// Where the weights come from; nil for a plain model.
    let provenance: Provenance?

    /// Opens a folder.
    ///
    /// - Throws: `CheckpointError`, `CorpusError`; what `Provenance` throws for a run, release
    ///   or copy whose statement does not hold.
    init(folder: String) throws {
        name = URL(filePath: folder).lastPathComponent
        self.folder = folder
        let weights = try ModelFolder(path: folder).openWeights()
        provenance = try Provenance(of: folder, weights: weights, checkedBy: .allRuns)
        let model = try TokenizedModel(folder: folder, weights: weights)
        (tokenizer, parameters) = (model.tokenizer, model.parameters)
    }

    /// The label probe beside the weights; nil if there is none.
    ///
    /// - Throws: `LabelProbeError`, `CheckpointError` for one that is damaged or another model's.
    func labelProbe() throws -> LabelProbe? {
        try LabelProbeFile.read(
            from: folder,
            parameters: parameters,
            beginningOfText: tokenizer.beginningOfText
        )
    }

    /// For metrics that train a model.
    var measuringModel: MeasuringModel {
        MeasuringModel(
            name: name,
            parameters: parameters,
            endOfText: tokenizer.endOfText,
            beginningOfText: tokenizer.beginningOfText,
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
            beginningOfText: tokenizer.beginningOfText,
            tokenize: { [tokenizer] in tokenizer.encode($0) }
        )
    }
}
