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
            ComparisonRow(
                name: source.name,
                reference: source.reference,
                series: source.series,
                texts: source.measured.count,
                privacy: source.claim,
                metrics: metrics,
                flags: source.flags + fairness(of: source, among: sources)
                    + gaps(in: metrics, of: source),
                notes: source.notes + allTexts(metrics, of: source)
            )
        }
        let context = ComparisonContext(
            labelColumns: inputs.labelColumns,
            textsPerRow: size,
            testTexts: test.features.texts.count,
            comparedTestTexts: test.compared.count,
            seeds: inputs.seeds,
            metrics: inputs.metrics,
            embedding: embedder,
            inverseRegularization: TextClassifier.Settings().inverseRegularization,
            heldOutOverlap: try heldOutOverlap(test, training),
            notice: ComparisonContext.internalNotice
        )
        return ComparisonReport(
            rows: rows,
            context: context,
            figures: try figures(sources, test: test, vectors: vectors)
        )
    }

    /// How a method's guarantee differs from the others', and what is not stated.
    private func fairness(of source: RowSource, among sources: [RowSource]) -> [String] {
        guard source.reference == nil else { return [] }
        var found: [String] = []
        if source.features.texts.count > source.measured.count {
            found.append(
                "\(ReportNumber.count(source.features.texts.count)) texts, of which "
                    + "\(ReportNumber.count(source.measured.count)) are drawn "
                    + "for each seed, as many as the smallest set has"
            )
        }
        guard let claim = source.claim else {
            return found + ["no privacy guarantee is stated"]
        }
        if claim.source == .claimed {
            found.append("the guarantee is the user's claim; no manifest confirms it")
        }
        if !claim.epsilon.isFinite { found.append("NOT PRIVATE: ε is infinite") }
        return found + inequality(of: source, claim, among: sources)
    }

    /// Compares a claim with the methods at the same ε, or says that there are none.
    private func inequality(
        of source: RowSource,
        _ claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [String] {
        let others = sources.compactMap { other in
            other.reference == nil && other.name != source.name
                ? other.claim.map { (name: other.name, claim: $0) } : nil
        }
        guard !others.isEmpty else { return [] }
        let equals = others.filter { claim.spendsAsMuch(as: $0.claim) }
        guard !equals.isEmpty else {
            return [
                "no other method is given at ε = \(ReportNumber.epsilon(claim.epsilon)): nothing here "
                    + "is at the same guarantee"
            ]
        }
        return equals.flatMap { claim.differences(from: $0.claim, named: $0.name) }.map {
            "not at the same guarantee: \($0)"
        }
    }

    /// What the classifier reaches with every real text, for the row `real`.
    private func allTexts(_ metrics: RowMetrics, of source: RowSource) -> [String] {
        (metrics.accuracyAllTexts ?? [:]).sorted { $0.key < $1.key }.map { column, accuracy in
            "trained on all \(ReportNumber.count(source.features.texts.count)) real training texts, the "
                + "classifier of \(column) reaches accuracy \(ReportNumber.fixed(accuracy, 3))"
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
