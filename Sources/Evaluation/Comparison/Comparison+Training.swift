import LanguageModel
import SeededRandomness

extension Comparison {
    /// Real texts that trained models are tested on, drawn once; enough for ±2 % of accuracy.
    private static let testLimit = 2_000

    /// Whether models are trained on each row's texts.
    var trainsModels: Bool { inputs.metrics == .full && inputs.model != nil }

    /// The seeds that each row's fine-tuned classifiers are trained with, as places among all of them.
    ///
    /// A row by itself has all. The runs of a method share them out, at least one each: they differ
    /// anyway, so that further fits of each would tell little and cost as much.
    static func classifierSeeds(of sources: [RowSource], count: Int) -> [[Int]] {
        var shares = sources.map { _ in Array(0..<count) }
        for runs in methodRuns(of: sources) {
            for (run, row) in runs.enumerated() {
                let own = (0..<count).filter { $0 % runs.count == run }
                shares[row] = own.isEmpty ? [run % count] : own
            }
        }
        return shares
    }

    /// Trains classifiers for each label column and a small language model, and tests them on real
    /// texts.
    ///
    /// `seeds` are the places of the classifiers' seeds. `progress` gets what is being done; an error
    /// that it throws ends the work and is passed on.
    func measureTraining(
        of source: RowSource,
        against test: TestTexts,
        seeds: [Int],
        into metrics: inout RowMetrics,
        progress: (String) throws -> Void
    ) throws {
        guard let model = inputs.model else { return }
        let judges = judges(of: source, test)
        for column in inputs.labelColumns {
            try measureClassifier(
                of: source,
                column,
                test,
                judges,
                model,
                seeds,
                &metrics,
                progress
            )
        }
        let prediction = try NextTokenPrediction(
            training: source.measured.map { source.features.texts[$0] },
            real: judges.map { test.features.texts[$0] },
            model: model,
            seed: inputs.seeds[0],
            parallel: parallel
        ) { try progress("language model of \(source.name), step \($0) of \($1)") }
        guard let prediction else { return }
        metrics.nextTokenAccuracy = prediction.accuracy
        metrics.nextTokenPerplexity = prediction.perplexity
        let exposures = inputs.canaries.compactMap { canary in
            let losses = prediction.losses(of: [canary.text] + canary.fillers, parallel: parallel)
            return CanaryExposure(
                canaryLoss: losses[0],
                fillerLosses: Array(losses.dropFirst())
            )
        }
        guard !exposures.isEmpty else { return }
        metrics.canaries = exposures
        metrics.canaryExposure =
            exposures.reduce(0) { $0 + $1.exposure } / Double(exposures.count)
    }

    /// The test texts that judge the row: never those that stand in for its training texts.
    private func judges(of source: RowSource, _ test: TestTexts) -> [Int] {
        let members =
            source.reference == .real ? test.judgingReal : Array(test.features.texts.indices)
        guard members.count > Self.testLimit else { return members }
        var generator = SplitMix64(seed: inputs.seeds[0], stream: 0x7E57)
        return members.shuffled(using: &generator).prefix(Self.testLimit).sorted()
    }

    private func measureClassifier(
        of source: RowSource,
        _ column: String,
        _ test: TestTexts,
        _ judges: [Int],
        _ model: MeasuringModel,
        _ seeds: [Int],
        _ metrics: inout RowMetrics,
        _ progress: (String) throws -> Void
    ) throws {
        let judge = ClassifierTest(
            features: test.features,
            classes: test.classes[column] ?? [],
            members: judges,
            classCount: test.classCounts[column] ?? 0
        )
        guard !judge.labels.isEmpty else { return }
        let known = judges.filter { test.classes[column]?[$0] != nil }
            .map { test.features.texts[$0] }
        let answers = try seeds.enumerated().compactMap { fit, place in
            try fineTuned(on: source, column, place, judge.classCount, model) { step, steps in
                let (done, total) = (fit * steps + step, seeds.count * steps)
                try progress("classifier of \(source.name), \(column), step \(done) of \(total)")
            }?.predictions(for: known, parallel: parallel)
        }
        guard answers.count == seeds.count, let first = answers.first else { return }
        metrics.fillFineTuned(
            column,
            seeds: seeds.map { inputs.seeds[$0] },
            answers.map {
                ClassificationScores(
                    predicted: $0,
                    actual: judge.labels,
                    classCount: judge.classCount
                )
            },
            testVariances: judge.variances(of: first, seed: inputs.seeds[0])
        )
    }

    /// A classifier trained on the texts of one seed; nil if none of them has a class.
    private func fineTuned(
        on source: RowSource,
        _ column: String,
        _ place: Int,
        _ classCount: Int,
        _ model: MeasuringModel,
        progress: (Int, Int) throws -> Void
    ) throws -> FineTunedClassifier? {
        let classes = source.classes[column] ?? []
        let members = source.samples[place].filter {
            classes.indices.contains($0) && classes[$0] != nil
        }
        guard !members.isEmpty else { return nil }
        return try FineTunedClassifier(
            texts: members.map { source.features.texts[$0] },
            labels: members.compactMap { classes[$0] },
            classCount: classCount,
            model: model,
            seed: inputs.seeds[place],
            parallel: parallel,
            progress: progress
        )
    }
}
