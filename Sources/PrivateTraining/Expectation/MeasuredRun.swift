/// A training whose texts were measured: by the classifier that they taught, on real test records.
///
/// This is the one list of measured points. What `Recipe` calls measured and what `Expectation` compares
/// with come from it; `docs/settings.md` shows it, and a test holds the two together.
package struct MeasuredRun: Sendable, Equatable {
    /// What the records are, in words.
    package let records: String
    /// N.
    package let unitCount: Int
    /// The target; infinite without privacy.
    package let epsilon: Double
    /// The bundled model that it began with.
    package var base = "base"
    /// The rank of adapters; nil for all weights.
    package var loraRank: Int?
    /// Values of the label column.
    package let valueCount: Int
    /// Tokens of a record in the mean, labels included, before truncation.
    package let meanTokens: Double
    /// Always answering the most frequent label: its share of the test records.
    package let guessing: Double
    /// The classifier's accuracy after as many texts of the untuned model; nil if nobody measured it.
    package let untuned: Double?
    /// The same after its texts.
    package let accuracy: Double
    /// The same after as many real records; nil if nobody measured it.
    package let real: Double?
    /// Where the numbers are.
    package let source: String

    /// What a run's texts taught.
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        /// Hardly more than always answering the most frequent label.
        case guessing
        /// More than that, and hardly more than texts of the untuned base model.
        case base
        /// Clearly more than both.
        case labels

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// A gain below this share of the way to real text is hardly a gain: runs alike differ by a tenth.
    static let littleGain = 0.2

    /// What its texts taught, by the share of the way to real text that they went.
    package var level: Level {
        func gain(over known: Double) -> Double {
            guard let real else { return accuracy > known ? 1 : 0 }
            return (accuracy - known) / (real - known)
        }
        if gain(over: guessing) < Self.littleGain / 2 { return .guessing }
        return gain(over: max(untuned ?? guessing, guessing)) < Self.littleGain ? .base : .labels
    }

    private static func comments(
        _ count: Int,
        _ epsilon: Double,
        _ accuracy: Double,
        rank: Int? = nil,
        untuned: Double = 0.468,
        real: Double = 0.606
    ) -> MeasuredRun {
        MeasuredRun(
            records: "short comments with 4 sentiments",
            unitCount: count,
            epsilon: epsilon,
            loraRank: rank,
            valueCount: 4,
            meanTokens: 30,
            guessing: 0.388,
            untuned: untuned,
            accuracy: accuracy,
            real: real,
            source: "experiments/goemotions"
        )
    }

    /// Those whose rows in the report have 5,000 texts instead of 10,000; means of three runs.
    private static func reportedComments(_ epsilon: Double, _ accuracy: Double) -> MeasuredRun {
        comments(40_030, epsilon, accuracy, untuned: 0.475, real: 0.585)
    }

    /// Those measured with 1,000 texts.
    private static func fewComments(
        _ count: Int,
        _ epsilon: Double,
        _ accuracy: Double
    ) -> MeasuredRun {
        comments(count, epsilon, accuracy, untuned: 0.454, real: 0.497)
    }

    private static func questions(_ epsilon: Double, _ accuracy: Double) -> MeasuredRun {
        MeasuredRun(
            records: "questions to a bank with 10 intents",
            unitCount: 1_246,
            epsilon: epsilon,
            valueCount: 10,
            meanTokens: 30.5,
            guessing: 0.110,
            untuned: 0.163,
            accuracy: accuracy,
            real: 0.966,
            source: "experiments/banking77"
        )
    }

    /// 2,000 texts, one run.
    private static let manyIntents = MeasuredRun(
        records: "questions to a bank with 77 intents",
        unitCount: 9_038,
        epsilon: 8,
        valueCount: 77,
        meanTokens: 28,
        guessing: 0.019,
        untuned: 0.010,
        accuracy: 0.233,
        real: 0.667,
        source: "experiments/banking77"
    )

    private static let reviews = MeasuredRun(
        records: "reviews of about 100 words with 5 star values",
        unitCount: 5_000,
        epsilon: 8,
        valueCount: 5,
        meanTokens: 140,
        guessing: 0.448,
        untuned: nil,
        accuracy: 0.446,
        real: nil,
        source: "reported by a user; the tokens are estimated from the words"
    )

    /// All of them.
    package static let all: [MeasuredRun] = [
        reportedComments(8, 0.523), reportedComments(4, 0.517), reportedComments(1, 0.495),
        reportedComments(.infinity, 0.579),
        comments(10_000, 8, 0.503), comments(10_000, 4, 0.500), comments(10_000, 1, 0.488),
        comments(10_000, 8, 0.489, rank: 8),
        comments(5_000, 8, 0.492), comments(5_000, 4, 0.486), comments(5_000, 1, 0.478),
        fewComments(3_000, 8, 0.444), fewComments(1_000, 0.5, 0.434),
        questions(8, 0.491), questions(4, 0.364), questions(1, 0.259), questions(.infinity, 0.895),
        manyIntents, reviews,
    ]
}

extension MeasuredRun {
    /// Whether a run of that size and budget is one like this: N within a factor of 2, ε of 1.5.
    package func isNear(unitCount: Int, epsilon: Double, hasAdapters: Bool) -> Bool {
        (loraRank != nil) == hasAdapters
            && Self.ratio(Double(unitCount), Double(self.unitCount)) <= 2
            && Self.ratio(epsilon, self.epsilon) <= 1.5
    }

    /// Whether a label column and its records are of this run's kind: values and tokens within a factor
    /// of 2.
    package func isOfKind(valueCount: Int, meanTokens: Double) -> Bool {
        Self.ratio(Double(valueCount), Double(self.valueCount)) <= 2
            && Self.ratio(meanTokens, self.meanTokens) <= 2
    }

    /// The larger of two numbers over the smaller; infinite where only one of them is.
    static func ratio(_ a: Double, _ b: Double) -> Double {
        a == b ? 1 : max(a, b) / min(a, b)
    }
}
