import Kernels
import SeededRandomness

extension Comparison {
    /// Trains the downstream classifiers of all rows and columns, in parallel, and fills in their
    /// scores.
    ///
    /// A row's value comes from its texts as they are (mean over the seeds' subsamples if it has
    /// more texts than needed). Its seeds are further fits to texts resampled with replacement; as
    /// those hold only 63 % different texts, their mean lies a little lower. The interval adds the
    /// seeds' variance and that of resampling the test texts 200 times, ±1.96 standard deviations.
    /// Returns how many fits of a row did not converge; rows without any are absent.
    func measureClassifiers(
        _ sources: [RowSource],
        test: TestTexts,
        into metrics: inout [RowMetrics]
    ) throws -> [Int: Int] {
        let tasks = classifierTasks(sources, test: test)
        let results = try parallel.map(tasks.count) { tasks[$0].run() }
        for (row, source) in sources.enumerated() {
            for column in inputs.labelColumns {
                if source.reference == .majorityClass {
                    majority(column, test: test, into: &metrics[row])
                    continue
                }
                let own = tasks.indices.filter {
                    tasks[$0].row == row && tasks[$0].column == column
                }
                guard let first = own.first(where: { tasks[$0].purpose == .value }) else {
                    continue
                }
                func scores(_ purpose: ClassifierTask.Purpose) -> [ClassificationScores] {
                    own.filter { tasks[$0].purpose == purpose }.map { results[$0].scores }
                }
                let spread = tasks[first].test.variances(
                    of: results[first].predictions,
                    seed: inputs.seeds[0]
                )
                metrics[row].fill(
                    column,
                    values: scores(.value),
                    seeds: scores(.spread),
                    testVariances: spread
                )
                if let all = scores(.allTexts).first {
                    metrics[row].accuracyAllTexts = (metrics[row].accuracyAllTexts ?? [:])
                        .merging([column: all.accuracy]) { $1 }
                }
            }
        }
        return tasks.indices.filter { !results[$0].converged }
            .reduce(into: [:]) { $0[tasks[$1].row, default: 0] += 1 }
    }

    private func classifierTasks(_ sources: [RowSource], test: TestTexts) -> [ClassifierTask] {
        var tasks: [ClassifierTask] = []
        for column in inputs.labelColumns {
            let everyone = judge(column, test: test, members: Array(test.features.texts.indices))
            for (row, source) in sources.enumerated() {
                guard let classes = source.classes[column] else { continue }
                let counts = HashedNGrams.counts(of: source.features.folded)
                let judge =
                    source.reference == .real && inputs.realTrain == nil
                    ? judge(
                        column,
                        test: test,
                        members: test.judgingReal
                    ) : everyone
                func add(_ purpose: ClassifierTask.Purpose, _ members: [Int]) {
                    let known = members.filter { classes[$0] != nil }
                    guard !known.isEmpty, !judge.labels.isEmpty else { return }
                    tasks.append(
                        ClassifierTask(
                            row: row,
                            column: column,
                            purpose: purpose,
                            members: known,
                            counts: counts,
                            labels: classes.map { $0 ?? -1 },
                            test: judge
                        )
                    )
                }
                let isWhole = source.measured.count == source.features.texts.count
                for (seed, members) in zip(inputs.seeds, source.samples) {
                    if !isWhole || seed == inputs.seeds[0] { add(.value, members) }
                    var generator = SplitMix64(seed: seed, stream: 0xB007)
                    add(
                        .spread,
                        members.indices.compactMap { _ in
                            members.randomElement(using: &generator)
                        }
                    )
                }
                if source.reference == .real, !isWhole { add(.allTexts, Array(classes.indices)) }
            }
        }
        return tasks
    }

    private func judge(_ column: String, test: TestTexts, members: [Int]) -> ClassifierTest {
        ClassifierTest(
            features: test.features,
            classes: test.classes[column] ?? [],
            members: members,
            classCount: test.classCounts[column] ?? 0
        )
    }

    private func majority(_ column: String, test: TestTexts, into metrics: inout RowMetrics) {
        let judge = judge(column, test: test, members: Array(test.features.texts.indices))
        let predictions = [Int](repeating: judge.majority, count: judge.labels.count)
        let scores = ClassificationScores(
            predicted: predictions,
            actual: judge.labels,
            classCount: judge.classCount
        )
        metrics.fill(
            column,
            values: [scores],
            seeds: [],
            testVariances: judge.variances(of: predictions, seed: inputs.seeds[0])
        )
    }
}
