import Foundation
package import Kernels
import LanguageModel
import PublicTraining
import SeededRandomness

/// How well a small causal model that was trained on a row's texts predicts real text.
///
/// A GPT-2 of 2 layers, width 128 and 2 heads, with the base model's vocabulary, starts from random
/// weights and reads the row's texts 5 times (AdamW, batches of 32 texts, peak learning rate 2·10⁻³).
/// Then, over all tokens of the real test texts, end-of-text included:
///
///     accuracy   = the share of tokens that the model finds likeliest
///     perplexity = exp(mean −log p(token | tokens before))
///
/// The next-word accuracy of Xie et al. 2024 (arXiv:2403.01749, section 4) and Yue et al. 2023
/// (arXiv:2210.14348), with a model that any row can afford. Numbers compare within a report alone.
package struct NextTokenPrediction: Sendable {
    /// Tokens of a text that are read.
    static let tokenLimit = 64
    private static let shardRows = 512

    /// The share of real tokens that the model finds likeliest, in [0, 1].
    package let accuracy: Double
    /// The perplexity of the real tokens, at least 1.
    package let perplexity: Double
    private let model: MeasuringModel
    private let parameters: DecoderParameters

    /// Trains on `texts` and tests on `real`; nil without a text on either side.
    package init?(
        training texts: [String],
        real: [String],
        model: MeasuringModel,
        seed: UInt64,
        parallel: ParallelFor,
        progress: (Int, Int) throws -> Void
    ) rethrows {
        guard !texts.isEmpty, !real.isEmpty else { return nil }
        var generator = SplitMix64(seed: seed, stream: 0x11E7)
        parameters = DecoderParameters(
            initializing: DecoderConfiguration(
                vocabularySize: model.parameters.configuration.vocabularySize,
                contextLength: Self.tokenLimit + 2,
                width: 128,
                layerCount: 2,
                headCount: 2
            ),
            using: &generator
        )
        self.model = model
        try PlainTraining(epochs: 5, learningRate: 2e-3, seed: seed).run(
            parameters,
            on: texts.map {
                TokenBatch.Sequence(tokens: model.sequence($0, limit: Self.tokenLimit))
            },
            parallel: parallel,
            progress: progress
        )
        let rows = Self.predictions(of: real, parameters, model, parallel)
        accuracy = Double(rows.count { $0.likeliest == $0.target }) / Double(rows.count)
        perplexity = exp(rows.reduce(0) { $0 + $1.loss } / Double(rows.count))
    }

    /// The summed loss of each text in nats.
    package func losses(of texts: [String], parallel: ParallelFor) -> [Double] {
        let pass = DecoderGradientPass(parameters: parameters, parallel: parallel)
        return texts.map { text in
            let tokens = model.sequence(text, limit: Self.tokenLimit)
            var batch = TokenBatch()
            batch.appendUnit([TokenBatch.Sequence(tokens: tokens)])
            return pass.losses([batch]).reduce(0, +) * Double(tokens.count - 1)
        }
    }

    private static func predictions(
        of texts: [String],
        _ parameters: DecoderParameters,
        _ model: MeasuringModel,
        _ parallel: ParallelFor
    ) -> [RowPrediction] {
        let pass = DecoderGradientPass(parameters: parameters, parallel: parallel)
        let units = texts.map {
            [TokenBatch.Sequence(tokens: model.sequence($0, limit: tokenLimit))]
        }
        return pass.rowPredictions(
            TokenBatch.shards(of: units, maximumRows: shardRows),
            among: 0..<parameters.configuration.vocabularySize
        )
    }
}
