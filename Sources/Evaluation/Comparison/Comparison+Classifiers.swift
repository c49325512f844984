import Kernels
import SeededRandomness

extension Comparison {
    /// C of the classifier that `accuracy` and `macro_f1` are of.
    static let fixedC = TextClassifier.Settings().inverseRegularization

    /// Trains the downstream classifiers of all rows and columns, in parallel, and fills in their
    /// scores.
    ///
    /// Each row is judged twice: with the C that cross-validation inside its own texts chooses, and with
    /// a fixed one. A row's value comes from its texts as they are (mean over the seeds' subsamples if it
    /// has more texts than needed). Its seeds are further fits to texts resampled with replacement; as
    /// those hold only 63 % different texts, their mean lies a little lower. The interval adds the
    /// seeds' variance and that of resampling the test texts 200 times, ±1.96 standard deviations.
    /// Where the label mix of some row differs from the test texts', all rows are judged at that mix too.
    /// Returns how many fits of a row did not converge; rows without any are absent.
    func measureClassifiers(
        _ sources: [RowSource],
        test: TestTexts,
        into metrics: inout [RowMetrics]
    ) throws -> [Int: Int] {
        let cells = classifierCells(sources, test: test)
        let chosen = try chosenRegularizations(cells, sources)
        let tasks = zip(cells, chosen).flatMap { cell, chosen in
            self.tasks(of: cell, sources[cell.row], chosen, test)
        }
        let results = parallel.map(tasks.count) { item, _ in tasks[item].run() }
        let outcomes = Array(zip(tasks, results))
        var judgements: [Int: RowJudgement] = [:]
        for (cell, chosen) in zip(cells, chosen) {
            judgements[cell.row, default: RowJudgement(seed: inputs.seeds[0])].add(
                cell,
                chosen: chosen,
                outcomes.filter { $0.0.cell.row == cell.row && $0.0.cell.column == cell.column }
                    .map { (task: $0.0, fits: $0.1) },
                names: test.labelNames[cell.column] ?? []
            )
        }
        for (row, judgement) in judgements { judgement.fill(&metrics[row]) }
        for row in sources.indices where sources[row].reference == .majorityClass {
            majority(test: test, into: &metrics[row])
        }
        return judgements.mapValues(\.failures).filter { $0.value > 0 }
    }

    private func classifierCells(_ sources: [RowSource], test: TestTexts) -> [ClassifierCell] {
        let counts = sources.map { HashedNGrams.counts(of: $0.features.folded) }
        return inputs.labelColumns.flatMap { column -> [ClassifierCell] in
            let everyone = judge(column, test: test, members: Array(test.features.texts.indices))
            return sources.enumerated().compactMap { row, source in
                guard let classes = source.classes[column], !source.measured.isEmpty else {
                    return nil
                }
                let isOwnHalf = source.reference == .real && inputs.realTrain == nil
                let judge =
                    isOwnHalf
                    ? judge(column, test: test, members: test.judgingReal) : everyone
                guard !judge.labels.isEmpty else { return nil }
                let cell = ClassifierCell(
                    row: row,
                    column: column,
                    counts: counts[row],
                    labels: classes.map { $0 ?? -1 },
                    test: judge,
                    folds: TextFolds(
                        texts: source.features.texts,
                        classes: [column: classes],
                        count: RegularizationChoice.foldCount,
                        seed: inputs.seeds[0]
                    ).foldOfText
                )
                return cell.known(source.measured).isEmpty ? nil : cell
            }
        }
    }

    /// C of each cell, chosen inside the texts of the first seed.
    private func chosenRegularizations(
        _ cells: [ClassifierCell],
        _ sources: [RowSource]
    ) throws -> [Double] {
        let choices = cells.map { cell in
            RegularizationChoice(
                counts: cell.counts,
                labels: cell.labels,
                members: cell.known(sources[cell.row].measured),
                folds: cell.folds
            )
        }
        let folds = RegularizationChoice.foldCount
        let hits = parallel.map(cells.count * folds) { item, _ in
            choices[item / folds].hits(inFold: item % folds)
        }
        return cells.indices.map {
            RegularizationChoice.best(Array(hits[$0 * folds..<($0 + 1) * folds]))
        }
    }

    private func tasks(
        of cell: ClassifierCell,
        _ source: RowSource,
        _ chosen: Double,
        _ test: TestTexts
    ) -> [ClassifierTask] {
        var tasks: [ClassifierTask] = []
        func add(_ purpose: ClassifierTask.Purpose, _ members: [Int], _ values: [Double]) {
            let known = cell.known(members)
            guard !known.isEmpty else { return }
            tasks.append(
                ClassifierTask(
                    cell: cell,
                    purpose: purpose,
                    members: known,
                    inverseRegularizations: values
                )
            )
        }
        let both = chosen == Self.fixedC ? [chosen] : [Self.fixedC, chosen]
        let isWhole = source.measured.count == source.features.texts.count
        for (seed, members) in zip(inputs.seeds, source.samples) {
            if !isWhole || seed == inputs.seeds[0] { add(.value, members, both) }
            var generator = SplitMix64(seed: seed, stream: 0xB007)
            let resampled = members.indices.compactMap { _ in
                members.randomElement(using: &generator)
            }
            add(.spread, resampled, both)
            if let mix = test.equalMixes[cell.column] {
                let members = mix.resampled(
                    cell.known(members),
                    classes: cell.labels,
                    seed: seed
                )
                add(.equalMix, members, [chosen])
            }
        }
        if source.reference == .real, !isWhole {
            add(.allTexts, Array(cell.labels.indices), [Self.fixedC])
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

    private func majority(test: TestTexts, into metrics: inout RowMetrics) {
        var all = JudgedScores()
        for column in inputs.labelColumns {
            let judge = judge(column, test: test, members: Array(test.features.texts.indices))
            guard !judge.labels.isEmpty else { continue }
            let predictions = [Int](repeating: judge.majority, count: judge.labels.count)
            let scores = ClassificationScores(
                predicted: predictions,
                actual: judge.labels,
                classCount: judge.classCount
            )
            all.fill(
                column,
                inverseRegularization: Self.fixedC,
                values: [scores],
                seeds: [],
                testVariances: judge.variances(of: predictions, seed: inputs.seeds[0])
            )
        }
        metrics.fill(fixed: all)
    }
}
