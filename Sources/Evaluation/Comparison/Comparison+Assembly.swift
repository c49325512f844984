import LanguageModel

extension Comparison {
    /// Builds the report from measured rows.
    func assemble(
        _ sources: [RowSource],
        _ metrics: [RowMetrics],
        test: TestTexts,
        training: TrainingIndex?,
        vectors: (real: Embeddings, rows: [Embeddings?]),
        embedder: String
    ) throws -> ComparisonReport {
        let size = sources.last { $0.reference == nil }?.measured.count ?? sources[1].measured.count
        let rows = zip(sources, metrics).map { source, metrics in
            let fairness = fairness(of: source, among: sources)
            let metrics = metrics.withMixes(of: source, test)
            return ComparisonRow(
                name: source.name,
                reference: source.reference,
                series: source.series,
                texts: source.measured.count,
                privacy: source.claim,
                metrics: metrics,
                flags: source.flags + fairness.flags + gaps(in: metrics, of: source),
                notes: source.notes + fairness.notes + allTexts(metrics, of: source)
            )
        }
        var context = ComparisonContext(
            labelColumns: inputs.labelColumns,
            textsPerRow: size,
            testTexts: test.features.texts.count,
            comparedTestTexts: test.compared.count,
            seeds: inputs.seeds,
            metrics: inputs.metrics,
            embedding: embedder,
            inverseRegularization: TextClassifier.Settings().inverseRegularization,
            heldOutOverlap: try heldOutOverlap(test, training),
            provenance: inputs.provenance,
            notice: ComparisonContext.internalNotice
        )
        context.labels = test.labelNames
        context.testLabelMix = test.mixes.reduce(into: [:]) {
            $0[$1.key] = test.shares(of: $1.value, $1.key)
        }
        context.testTextsInTraining = test.inTraining
        return ComparisonReport(
            rows: rows,
            context: context,
            figures: try figures(sources, test: test, vectors: vectors)
        )
    }

    /// What the classifier reaches with every real text, for the row `real`.
    private func allTexts(_ metrics: RowMetrics, of source: RowSource) -> [String] {
        (metrics.accuracyAllTexts ?? [:]).sorted { $0.key < $1.key }.map { column, accuracy in
            "trained on all \(ReportNumber.count(source.features.texts.count)) real training texts, the "
                + "classifier of \(column) with C = 1 reaches accuracy \(ReportNumber.fixed(accuracy, 3))"
        }
    }

    /// What could not be measured for a row that has texts.
    private func gaps(in metrics: RowMetrics, of source: RowSource) -> [String] {
        guard !source.measured.isEmpty else { return [] }
        var found: [String] = []
        if metrics.mauve == nil { found.append("fewer than 20 texts: no MAUVE") }
        if metrics.f1 == nil {
            found.append("no more texts than neighbours (3): no precision and recall")
        }
        return found
    }

    private func heldOutOverlap(
        _ test: TestTexts,
        _ training: TrainingIndex?
    ) throws -> TrainingOverlap? {
        guard let training else { return nil }
        return try TrainingOverlap(
            of: test.features.selecting(test.compared),
            training: training,
            parallel: parallel
        )
    }
}

extension RowMetrics {
    /// The same with the row's label mixes.
    fileprivate func withMixes(of source: RowSource, _ test: TestTexts) -> RowMetrics {
        guard !source.mixes.isEmpty else { return self }
        var metrics = self
        metrics.labelMix = source.mixes.reduce(into: [:]) {
            $0[$1.key] = test.shares(of: $1.value, $1.key)
        }
        metrics.labelMixDistance = source.mixes.reduce(into: [:]) { found, mix in
            found[mix.key] = test.mixes[mix.key].map { mix.value.distance(to: $0) }
        }
        return metrics
    }
}

extension TestTexts {
    /// The shares of a mix under the names of the values.
    fileprivate func shares(of mix: LabelMix, _ column: String) -> [LabelShare] {
        zip(labelNames[column] ?? [], mix.shares).map { LabelShare(label: $0, share: $1) }
    }
}
