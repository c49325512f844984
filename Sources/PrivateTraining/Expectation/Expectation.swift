import Foundation

/// What the texts of a training can be expected to teach a classifier about one label column, before
/// anything is spent.
///
/// A measured run of the same kind says it. Where there is none, a rule does: with K label values and t
/// tokens a record, the texts teach
///
///     hardly more than guessing                   below  N =  80 · K · t / ε  records,
///     hardly more than the untuned model's texts  below  N = 500 · K · t / ε  records.
///
/// Noise hides what fewer records of a label have in common, so N falls with ε and grows with K; the longer a
/// record, the less each of its tokens says about the label. The first number lies above 5,000 reviews with
/// 5 star values at ε = 8, which taught nothing (εN / Kt = 57); the second between comments at ε = 1 (40,030
/// records, 334: little) and at ε = 8 (10,000, 667: more). Labels that single words give away need less:
/// ten intents of bank questions were taught in part at 36. The rule is a warning, no promise.
package struct Expectation: Sendable, Equatable {
    /// What is known of a training beforehand.
    package struct Outline: Sendable, Equatable {
        /// N, records or users.
        package var unitCount: Int
        /// The target; infinite without privacy.
        package var epsilon: Double
        /// The bundled model that it begins with; nil for any other.
        package var base: String?
        /// Whether adapters are trained instead of all weights.
        package var hasAdapters: Bool
        /// Values of the label column, at least 1.
        package var valueCount: Int
        /// Tokens of a record in the mean, before truncation; nil if nobody says.
        package var meanTokens: Double?

        /// Describes a training.
        package init(
            unitCount: Int,
            epsilon: Double,
            base: String?,
            hasAdapters: Bool = false,
            valueCount: Int,
            meanTokens: Double? = nil
        ) {
            self.unitCount = unitCount
            self.epsilon = epsilon
            self.base = base
            self.hasAdapters = hasAdapters
            self.valueCount = valueCount
            self.meanTokens = meanTokens
        }
    }

    /// Tokens of short comments, and of reviews of a hundred words.
    package static let (shortTokens, longTokens) = (30.0, 140.0)

    /// N · ε / (K · t) from which on texts teach that level.
    private static let leastShare: [MeasuredRun.Level: Double] = [
        .guessing: 0, .base: 80, .labels: 500,
    ]

    /// What is known.
    package let outline: Outline
    /// The measured run of this size, budget, base and kind of labels; nil if none was.
    package let measured: MeasuredRun?
    /// The measured run that is most like it.
    package let nearest: MeasuredRun

    /// Looks a training up among the measured ones.
    package init(_ outline: Outline) {
        precondition(outline.unitCount >= 1 && outline.valueCount >= 1, "nothing to train on")
        self.outline = outline
        let ranked = MeasuredRun.all.sorted {
            Self.distance($0, outline) < Self.distance($1, outline)
        }
        nearest = ranked[0]
        measured = outline.meanTokens.flatMap { tokens in
            ranked.first {
                $0.base == outline.base
                    && $0.isNear(
                        unitCount: outline.unitCount,
                        epsilon: outline.epsilon,
                        hasAdapters: outline.hasAdapters
                    ) && $0.isOfKind(valueCount: outline.valueCount, meanTokens: tokens)
            }
        }
    }

    /// Sum of the logarithms of what each figure differs by; another base or way of training counts as a
    /// factor of 10, and so does privacy against none.
    private static func distance(_ run: MeasuredRun, _ outline: Outline) -> Double {
        func far(_ a: Double, _ b: Double) -> Double { log(min(MeasuredRun.ratio(a, b), 10)) }
        return log(MeasuredRun.ratio(Double(run.unitCount), Double(outline.unitCount)))
            + far(run.epsilon, outline.epsilon)
            + log(MeasuredRun.ratio(Double(run.valueCount), Double(outline.valueCount)))
            + (outline.meanTokens.map { log(MeasuredRun.ratio(run.meanTokens, max($0, 1))) } ?? 0)
            + (run.base == outline.base ? 0 : log(10))
            + ((run.loraRank != nil) == outline.hasAdapters ? 0 : log(10))
    }

    /// What the texts teach; where the length of records is not known, that of texts as short as comments
    /// and as long as reviews.
    package var level: (ifShort: MeasuredRun.Level, ifLong: MeasuredRun.Level) {
        if let measured { return (measured.level, measured.level) }
        return (
            rule(tokens: outline.meanTokens ?? Self.shortTokens),
            rule(tokens: outline.meanTokens ?? Self.longTokens)
        )
    }

    private func rule(tokens: Double) -> MeasuredRun.Level {
        MeasuredRun.Level.allCases.last {
            outline.unitCount >= units(for: $0, tokens: tokens)
        } ?? .guessing
    }

    /// N from which on the rule expects that level, for records of so many tokens.
    package func units(for level: MeasuredRun.Level, tokens: Double) -> Int {
        let share = Self.leastShare[level] ?? 0
        let units = share * Double(outline.valueCount) * max(tokens, 1) / outline.epsilon
        return Int(min(units.rounded(.up), 1e15))
    }
}
