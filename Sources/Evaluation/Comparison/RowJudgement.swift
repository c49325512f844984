/// What the classifiers of one row's texts come to, over all label columns.
struct RowJudgement {
    private let seed: UInt64
    private var fixed = JudgedScores()
    private var tuned = JudgedScores()
    private var equalMix = JudgedScores()
    private var labelScores: [String: [LabelScore]] = [:]
    private var allTexts: [String: Double] = [:]
    /// Fits that stopped before convergence.
    private(set) var failures = 0

    /// `seed` resamples the test texts.
    init(seed: UInt64) { self.seed = seed }

    /// Takes the outcomes of one cell's tasks.
    ///
    /// - Parameters:
    ///   - cell: The row's texts and one label column.
    ///   - chosen: The C that cross-validation chose.
    ///   - outcomes: The cell's tasks with what each came to: first with the fixed C, last with the
    ///     chosen one, which may be the same.
    ///   - names: What the report calls each class.
    mutating func add(
        _ cell: ClassifierCell,
        chosen: Double,
        _ outcomes: [(task: ClassifierTask, fits: [ClassifierTask.Outcome])],
        names: [String]
    ) {
        func fits(_ purpose: ClassifierTask.Purpose) -> [[ClassifierTask.Outcome]] {
            outcomes.filter { $0.task.purpose == purpose }.map(\.fits)
        }
        failures += outcomes.reduce(0) { $0 + $1.fits.count { !$0.converged } }
        let (values, spread) = (fits(.value), fits(.spread))
        fill(
            &fixed,
            cell,
            Comparison.fixedC,
            values.compactMap(\.first),
            spread.compactMap(\.first)
        )
        fill(&tuned, cell, chosen, values.compactMap(\.last), spread.compactMap(\.last))
        fill(&equalMix, cell, chosen, fits(.equalMix).compactMap(\.last), spread.compactMap(\.last))
        if let scores = values.first?.last?.scores {
            labelScores[cell.column] = zip(names, scores.classes).map {
                LabelScore(
                    label: $0,
                    precision: $1.precision,
                    recall: $1.recall,
                    f1: $1.f1,
                    support: $1.support
                )
            }
        }
        if let all = fits(.allTexts).first?.first {
            allTexts[cell.column] = all.scores.accuracy
        }
    }

    /// Writes all of it into the row's metrics.
    func fill(_ metrics: inout RowMetrics) {
        metrics.fill(fixed: fixed)
        if !tuned.accuracy.isEmpty { metrics.tuned = tuned }
        if !equalMix.accuracy.isEmpty { metrics.equalMix = equalMix }
        if !labelScores.isEmpty { metrics.labelScores = labelScores }
        if !allTexts.isEmpty { metrics.accuracyAllTexts = allTexts }
    }

    private func fill(
        _ scores: inout JudgedScores,
        _ cell: ClassifierCell,
        _ inverseRegularization: Double,
        _ values: [ClassifierTask.Outcome],
        _ seeds: [ClassifierTask.Outcome]
    ) {
        guard let first = values.first else { return }
        scores.fill(
            cell.column,
            inverseRegularization: inverseRegularization,
            values: values.map(\.scores),
            seeds: seeds.map(\.scores),
            testVariances: cell.test.variances(of: first.predictions, seed: seed)
        )
    }
}
