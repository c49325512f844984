import Autograd
package import Kernels
package import LanguageModel
import PublicTraining

/// A classifier fine-tuned from the base model, with a classification head.
///
/// The head is one more row of the tied embedding a class, zero at first; the model reads
/// end-of-text, at most 64 tokens of the text and end-of-text, and the class is what it finds likeliest
/// there. All weights are trained with cross-entropy: 3 epochs, batches of 32 texts, AdamW, peak
/// learning rate 5·10⁻⁴ (the set-up of Radford et al. 2018, section 3.2: a linear layer on the last
/// position's state; there without the language model's loss).
package struct FineTunedClassifier: Sendable {
    private static let tokenLimit = 64
    private static let shardRows = 1024

    private let model: MeasuringModel
    private let parameters: DecoderParameters
    private let classes: Range<Int>

    /// Trains on texts and their classes in `0..<classCount`, at least one of each.
    package init(
        texts: [String],
        labels: [Int],
        classCount: Int,
        model: MeasuringModel,
        seed: UInt64,
        epochs: Int = 3,
        learningRate: Double = 5e-4,
        parallel: ParallelFor,
        progress: (Int, Int) throws -> Void
    ) rethrows {
        precondition(texts.count == labels.count, "\(labels.count) labels, \(texts.count) texts")
        self.model = model
        let first = model.parameters.configuration.vocabularySize
        classes = first..<first + classCount
        parameters = Self.extended(model.parameters, by: classCount)
        let sequences = zip(texts, labels).map { text, label in
            Self.sequence(text, answer: Int32(first + label), model)
        }
        try PlainTraining(epochs: epochs, learningRate: learningRate, seed: seed).run(
            parameters,
            on: sequences,
            parallel: parallel,
            progress: progress
        )
    }

    /// The class of each text.
    package func predictions(for texts: [String], parallel: ParallelFor) -> [Int] {
        let pass = DecoderGradientPass(parameters: parameters, parallel: parallel)
        let units = texts.map {
            [Self.sequence($0, answer: Int32(classes.lowerBound), model)]
        }
        let rows = pass.rowPredictions(
            TokenBatch.shards(of: units, maximumRows: Self.shardRows),
            among: classes
        )
        return rows.map { Int($0.likeliest) - classes.lowerBound }
    }

    /// The text and, as the only token predicted with loss, the class.
    private static func sequence(
        _ text: String,
        answer: Int32,
        _ model: MeasuringModel
    ) -> TokenBatch.Sequence {
        let limit = min(tokenLimit, model.parameters.configuration.contextLength - 2)
        let tokens = model.sequence(text, limit: limit) + [answer]
        return TokenBatch.Sequence(tokens: tokens, lossStart: tokens.count - 1)
    }

    /// The same weights with `count` more rows of zeros in the embedding.
    private static func extended(_ base: DecoderParameters, by count: Int) -> DecoderParameters {
        var shape = base.configuration
        shape.vocabularySize += count
        let result = DecoderParameters(zeros: shape)
        for (from, to) in zip(base.layout.entries, result.layout.entries) {
            result.values.store(base.values.values(from.range), at: to.offset)
        }
        return result
    }
}

/// The public base model, for the metrics that train a model: its vocabulary and its weights.
public struct MeasuringModel: Sendable {
    /// What a report calls it.
    package let name: String
    /// Weights that training starts from; never changed.
    package let parameters: DecoderParameters
    /// The id that stands after every text.
    package let endOfText: Int32
    /// The id that stands before every text.
    private let beginningOfText: Int32
    /// From the bytes of a text to ids.
    package let tokenize: @Sendable ([UInt8]) -> [Int32]

    /// Describes a public model.
    package init(
        name: String,
        parameters: DecoderParameters,
        endOfText: Int32,
        beginningOfText: Int32? = nil,
        tokenize: @escaping @Sendable ([UInt8]) -> [Int32]
    ) {
        self.name = name
        self.parameters = parameters
        self.endOfText = endOfText
        self.beginningOfText = beginningOfText ?? endOfText
        self.tokenize = tokenize
    }

    /// What begins a text, the first `limit` tokens of the text, end-of-text.
    func sequence(_ text: String, limit: Int) -> [Int32] {
        [beginningOfText] + tokenize(Array(text.utf8)).prefix(limit) + [endOfText]
    }
}
