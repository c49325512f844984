import LanguageModel

extension Comparison {
    /// Real texts that trained models are tested on, drawn once; enough for ±2 % of accuracy.
    private static let testLimit = 2_000

    /// Whether models are trained on each row's texts.
    var trainsModels: Bool { inputs.metrics == .full && inputs.model != nil }

    /// Trains a classifier for each label column and a small language model, and tests them on real
    /// texts.
    ///
    /// `progress` gets what is being done; an error that it throws ends the work and is passed on.
    func measureTraining(
        of source: RowSource,
        against test: TestTexts,
        into metrics: inout RowMetrics,
        progress: (String) throws -> Void
    ) throws {
        guard let model = inputs.model else { return }
        let judges = judges(of: source, test)
        for column in inputs.labelColumns {
            try measureClassifier(of: source, column, test, judges, model, &metrics, progress)
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
        var members = Array(test.features.texts.indices)
        if source.reference == .real, inputs.realTrain == nil {
            members = members.filter { $0 % 2 == 1 }
        }
        guard members.count > Self.testLimit else { return members }
        var generator = SeededGenerator(seed: inputs.seeds[0], stream: 0x7E57)
        return members.shuffled(using: &generator).prefix(Self.testLimit).sorted()
    }

    private func measureClassifier(
        of source: RowSource,
        _ column: String,
        _ test: TestTexts,
        _ judges: [Int],
        _ model: MeasuringModel,
        _ metrics: inout RowMetrics,
        _ progress: (String) throws -> Void
    ) throws {
        let classes = source.classes[column] ?? []
        let members = source.measured.filter { classes.indices.contains($0) && classes[$0] != nil }
        let judge = ClassifierTest(
            features: test.features,
            classes: test.classes[column] ?? [],
            members: judges,
            classCount: test.classCounts[column] ?? 0
        )
        guard !members.isEmpty, !judge.labels.isEmpty else { return }
        let classifier = try FineTunedClassifier(
            texts: members.map { source.features.texts[$0] },
            labels: members.compactMap { classes[$0] },
            classCount: judge.classCount,
            model: model,
            seed: inputs.seeds[0],
            parallel: parallel
        ) { try progress("classifier of \(source.name), \(column), step \($0) of \($1)") }
        let known = judges.filter { test.classes[column]?[$0] != nil }
        let predicted = classifier.predictions(
            for: known.map { test.features.texts[$0] },
            parallel: parallel
        )
        let scores = ClassificationScores(
            predicted: predicted,
            actual: judge.labels,
            classCount: judge.classCount
        )
        let variances = judge.variances(of: predicted, seed: inputs.seeds[0])
        metrics.fillFineTuned(column, scores, variances)
    }
}
