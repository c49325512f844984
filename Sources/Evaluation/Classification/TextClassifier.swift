/// The downstream classifier: multinomial logistic regression on TF-IDF of hashed n-grams.
///
/// It is deliberately plain, deterministic and fast, so that differences between rows come from
/// their texts. Trained by L-BFGS until no component of the mean loss's gradient exceeds the
/// tolerance; from the same texts it always gives the same weights.
package struct TextClassifier: Sendable {
    /// How a classifier is trained.
    package struct Settings: Sendable, Codable, Equatable {
        /// C: the inverse weight of the L2 penalty against the summed loss.
        package var inverseRegularization = 1.0
        /// Training ends when the gradient's largest component is at most this, in nats.
        package var gradientTolerance = 1e-5
        /// Training gives up after this many L-BFGS steps.
        package var maximumIterations = 500

        /// The settings that every row of a comparison is judged by.
        package init() {}
    }

    private let frequencies: InverseDocumentFrequency
    /// The classes that occur in training, ascending.
    private let classes: [Int]
    private let parameters: [Double]
    /// Whether training met its tolerance.
    package let converged: Bool
    /// The L-BFGS steps taken.
    package let iterations: Int

    /// Trains on the rows `members` of `counts`.
    ///
    /// `members` are row numbers, at least one; repeats weigh more. `labels` holds the class of
    /// every row of `counts`, ≥ 0 for members. Classes that no member has are never predicted; with
    /// one class only, it is always predicted.
    package init(counts: SparseRows, labels: [Int], members: [Int], settings: Settings = Settings())
    {
        let fits = Self.path(
            counts: counts,
            labels: labels,
            members: members,
            inverseRegularizations: [settings.inverseRegularization],
            settings: settings
        )
        self = fits[0]
    }

    /// The same texts at several C, in order: each search starts where the one before ended, which
    /// saves most of its steps and changes the result by no more than the tolerance.
    ///
    /// - Returns: One classifier for each of `inverseRegularizations`.
    package static func path(
        counts: SparseRows,
        labels: [Int],
        members: [Int],
        inverseRegularizations: [Double],
        settings: Settings = Settings()
    ) -> [TextClassifier] {
        let frequencies = InverseDocumentFrequency(counts: counts, members: members)
        let classes = Set(members.map { labels[$0] }).sorted()
        guard classes.count > 1 else {
            let constant = TextClassifier(frequencies: frequencies, classes: classes, outcome: nil)
            return inverseRegularizations.map { _ in constant }
        }
        var objective = LogisticObjective(
            rows: frequencies.weighted(counts, members: members),
            labels: members.map { classes.firstIndex(of: labels[$0]) ?? 0 },
            columnCount: frequencies.columnCount,
            classCount: classes.count,
            inverseRegularization: settings.inverseRegularization
        )
        let search = LimitedMemoryBFGS(
            gradientTolerance: settings.gradientTolerance,
            maximumIterations: settings.maximumIterations
        )
        var start = [Double](repeating: 0, count: objective.parameterCount)
        return inverseRegularizations.map { inverseRegularization in
            objective.inverseRegularization = inverseRegularization
            let outcome = search.minimize(from: start, diagonal: objective.diagonal()) {
                objective.evaluate($0, gradient: &$1)
            }
            start = outcome.point
            return TextClassifier(frequencies: frequencies, classes: classes, outcome: outcome)
        }
    }

    private init(
        frequencies: InverseDocumentFrequency,
        classes: [Int],
        outcome: LimitedMemoryBFGS.Outcome?
    ) {
        self.frequencies = frequencies
        self.classes = classes
        parameters = outcome?.point ?? []
        converged = outcome?.converged ?? true
        iterations = outcome?.iterations ?? 0
    }

    /// The most likely class of each row; ties go to the lower class.
    package func predictions(for counts: SparseRows) -> [Int] {
        guard classes.count > 1 else {
            return [Int](repeating: classes.first ?? 0, count: counts.count)
        }
        return decisionScores(for: counts).map { scores in
            var best = 0
            for index in scores.indices where scores[index] > scores[best] { best = index }
            return classes[best]
        }
    }

    /// The unnormalised log-probabilities of each row over the classes seen in training.
    func decisionScores(for counts: SparseRows) -> [[Double]] {
        let rows = frequencies.weighted(counts, members: Array(0..<counts.count))
        return (0..<rows.count).map { row in
            var scores = [Double](repeating: 0, count: classes.count)
            LogisticObjective.score(rows, row: row, parameters: parameters, into: &scores)
            return scores
        }
    }
}
