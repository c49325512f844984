package import Corpus
package import DifferentialPrivacy
import Foundation
package import Kernels
package import LanguageModel
import Training

/// How far a model's own texts depend on the label that they were written under, for one label column.
///
/// The model writes texts under labels drawn evenly and then says under which of a few labels each of them
/// is likeliest, by Bayes' rule: p(label | text) ∝ p(text | label). Nothing but the model goes in, so for a
/// released model this is post-processing and costs no privacy.
package struct LabelSeparation: Codable, Sendable, Equatable {
    /// The label column.
    package let column: String
    /// Labels that each text was tried with, its own among them: all of a column, or four.
    package let choices: Int
    /// Texts that were judged.
    package let texts: Int
    /// The share of texts whose own label is the likeliest, in [0, 1]; of k equals each counts a k-th.
    package let told: Double
    /// How much likelier a token is under its own label than under any, in nats; at most log(choices).
    package let natsPerToken: Double
    /// Tokens of such a text in the mean, labels and end included; nil unless nine of ten came to their end.
    package var meanTokens: Double?

    private enum CodingKeys: String, CodingKey {
        case column, choices, texts, told
        case natsPerToken = "nats_per_token"
        case meanTokens = "mean_tokens"
    }

    /// The share that a guess among the choices gets.
    package var chance: Double { 1 / Double(choices) }

    /// Whether the texts depend on their labels: more are told than a guess gets by two standard errors.
    ///
    /// A model can tell its labels apart by what its base knew, or by what noise put there, so that it does is
    /// no proof of use; that it does not is proof of none.
    package var showsLabels: Bool {
        told - chance > 2 * (chance * (1 - chance) / Double(max(texts, 1))).squareRoot()
    }
}

/// Measures how far a model's texts depend on their labels: the same texts for the same key and model.
///
/// Each text is scored under a few labels of every column, so it takes
/// texts × (1 + choices × columns) passes over about `sequenceLength` tokens.
package struct LabelSeparationMeasure {
    /// Labels that a text is tried with, at most.
    static let mostChoices = 4
    /// Tokens of a text that are read, at most.
    private static let mostTokens = 64
    /// Texts scored between two questions whether to go on.
    private static let portion = 16

    private struct Stopped: Error {}

    let tokenizer: BytePairTokenizer
    let labels: LabelSet
    /// The longest training sequence.
    let sequenceLength: Int
    /// Texts to write, at least 1.
    let textCount: Int
    /// Where labels and tokens are drawn from; public.
    let key: StepKey
    let parallel: ParallelFor

    /// What is measured, and with which texts.
    package init(
        tokenizer: BytePairTokenizer,
        labels: LabelSet,
        sequenceLength: Int,
        textCount: Int,
        key: StepKey,
        parallel: ParallelFor
    ) {
        self.tokenizer = tokenizer
        self.labels = labels
        self.sequenceLength = sequenceLength
        self.textCount = textCount
        self.key = key
        self.parallel = parallel
    }

    /// One text as token ids, its end included if it came to one, and the label values it was written under.
    private struct Text {
        let tokens: [Int32]
        let places: [Int]
        /// Tokens of its labels.
        let prefixLength: Int
        /// Whether it came to its end within the limit.
        let isWhole: Bool
    }

    /// Tokens of a text in the mean, labels included; nil where too many were cut to say.
    private static func meanTokens(of texts: [Text]) -> Double? {
        guard !texts.isEmpty, texts.count(where: \.isWhole) * 10 >= texts.count * 9 else {
            return nil
        }
        let sum = texts.reduce(0) { $0 + $1.prefixLength + $1.tokens.count }
        return Double(sum) / Double(texts.count)
    }

    /// Measures every label column.
    ///
    /// - Parameters:
    ///   - model: The model, adapters merged.
    ///   - shouldStop: Asked every few texts.
    /// - Returns: The columns with more than one value; nil if it was stopped. None if no text came.
    /// - Throws: `GenerationError` for logits that no token can be drawn by.
    package func columns(
        of model: DecoderParameters,
        shouldStop: () -> Bool
    ) throws -> [LabelSeparation]? {
        guard let texts = try texts(of: model, shouldStop) else { return nil }
        let pass = DecoderGradientPass(parameters: model, parallel: parallel)
        var found: [LabelSeparation] = []
        for column in labels.columns.indices where labels.values[column].count > 1 {
            var tally = Tally()
            for start in stride(from: 0, to: texts.count, by: Self.portion) {
                if shouldStop() { return nil }
                let part = start..<min(start + Self.portion, texts.count)
                score(part, of: texts, column: column, pass, &tally)
            }
            guard tally.texts > 0 else { continue }
            found.append(
                LabelSeparation(
                    column: labels.columns[column],
                    choices: min(labels.values[column].count, Self.mostChoices),
                    texts: tally.texts,
                    told: tally.told / Double(tally.texts),
                    natsPerToken: tally.nats / Double(tally.tokens),
                    meanTokens: Self.meanTokens(of: texts)
                )
            )
        }
        return found
    }

    /// Sums over texts.
    private struct Tally {
        var texts = 0
        var tokens = 0
        var told = 0.0
        var nats = 0.0

        /// Adds a text by its losses under each label in nats, its own first.
        mutating func add(_ losses: [Double], tokens count: Int) {
            guard losses.allSatisfy(\.isFinite), let own = losses.first,
                let least = losses.min()
            else { return }
            texts += 1
            tokens += count
            if own == least { told += 1 / Double(losses.count { $0 == least }) }
            let mean = losses.reduce(0) { $0 + exp(least - $1) }
            nats += least - own - log(mean / Double(losses.count))
        }
    }

    private func score(
        _ part: Range<Int>,
        of texts: [Text],
        column: Int,
        _ pass: DecoderGradientPass,
        _ tally: inout Tally
    ) {
        let choices = part.map { self.choices(ofText: $0, texts[$0].places, column: column) }
        let units = zip(part, choices).flatMap { text, choices in
            choices.map { places -> [TokenBatch.Sequence] in
                let prefix = prefix(places)
                return [
                    .init(tokens: prefix + texts[text].tokens, lossStart: prefix.count)
                ]
            }
        }
        var losses = pass.losses(TokenBatch.shards(of: units, maximumRows: 512))[...]
        for (text, choices) in zip(part, choices) {
            let count = texts[text].tokens.count
            // A loss is a mean over the text's tokens.
            tally.add(losses.prefix(choices.count).map { $0 * Double(count) }, tokens: count)
            losses = losses.dropFirst(choices.count)
        }
    }

    /// The text's own labels, and others that differ in one column.
    private func choices(ofText text: Int, _ own: [Int], column: Int) -> [[Int]] {
        var generator = KeyStreamGenerator(
            key.stream(for: .decoding, lane: UInt64(text) << 16 | UInt64(column + 1))
        )
        let others = labels.values[column].indices.filter { $0 != own[column] }
            .shuffled(using: &generator).prefix(Self.mostChoices - 1)
        return [own]
            + others.map { value in
                var places = own
                places[column] = value
                return places
            }
    }

    private func prefix(_ places: [Int]) -> [Int32] {
        ExampleEncoder(tokenizer: tokenizer, sequenceLength: 2, labelSet: labels)
            .prefix(labels: labels.labels(at: places))
    }

    /// Texts under labels drawn evenly; nil if it was stopped.
    private func texts(of model: DecoderParameters, _ shouldStop: () -> Bool) throws -> [Text]? {
        var generator = KeyStreamGenerator(key.stream(for: .decoding, lane: .max))
        let rows = (0..<textCount).map { _ in labels.drawnEvenly(using: &generator) }
        let prompts = rows.map(prefix)
        let room = min(sequenceLength, model.configuration.contextLength)
        // Values that leave no room for a text have no records either.
        let possible = rows.indices.filter { prompts[$0].count < room }
        let longest = possible.map { prompts[$0].count }.max() ?? 0
        guard !possible.isEmpty else { return [] }
        let options = SamplingOptions(
            maximumNewTokens: min(room - longest, Self.mostTokens),
            tokenizer: tokenizer
        )
        var following = 0
        var drawn: [Int: Text] = [:]
        do {
            try TextGenerator(model, textCount: possible.count, parallel: parallel)
                .generate(options) { () -> GenerationRequest<KeyStreamGenerator>? in
                    guard following < possible.count else { return nil }
                    defer { following += 1 }
                    let row = possible[following]
                    return GenerationRequest(
                        id: row,
                        prompt: prompts[row],
                        generator: KeyStreamGenerator(
                            key.stream(for: .decoding, lane: UInt64(row) << 16)
                        )
                    )
                } finished: { text in
                    if shouldStop() { throw Stopped() }
                    let ending = text.ending == .endOfText ? [tokenizer.endOfText] : []
                    let tokens = text.tokens + ending
                    if !text.tokens.isEmpty {
                        drawn[text.id] = Text(
                            tokens: tokens,
                            places: rows[text.id],
                            prefixLength: prompts[text.id].count,
                            isWhole: text.ending == .endOfText
                        )
                    }
                }
        } catch is Stopped { return nil }
        // In the order of the rows, whatever order they were finished in.
        return possible.compactMap { drawn[$0] }
    }
}
