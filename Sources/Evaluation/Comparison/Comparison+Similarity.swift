import Kernels
import LanguageModel

extension Comparison {
    /// Vectors of `texts`, checked: one a text, all finite.
    func embedded(
        _ texts: [String],
        with embedder: any TextEmbedder,
        set: String
    ) throws -> Embeddings {
        let vectors = try embedder.embed(texts, parallel: parallel)
        guard vectors.count == texts.count else {
            throw EvaluationError.unusableEmbeddings(
                set: set,
                reason: "\(vectors.count) vectors for \(texts.count) texts"
            )
        }
        for index in 0..<vectors.count where !vectors.row(index).allSatisfy(\.isFinite) {
            throw EvaluationError.unusableEmbeddings(
                set: set,
                reason: "the vector of text \(index + 1) is not finite"
            )
        }
        return vectors
    }

    /// Records on each side of a membership attack at most: an AUC is known to ±.02.
    private static let attacked = 2_000

    /// Records that were trained on and others that were not, neither among the other; nil without a
    /// training file.
    func membershipAttack(
        _ sources: [RowSource],
        _ test: TestTexts,
        real: Embeddings,
        embedder: any TextEmbedder
    ) throws -> (training: Embeddings, heldOut: Embeddings)? {
        guard inputs.realTrain != nil,
            let training = sources.first(where: { $0.reference == .real })?.features
        else { return nil }
        let held = test.compared.indices.filter { !test.isInTraining[test.compared[$0]] }
        let known = Set(test.features.folded)
        let trained = training.texts.indices.filter { !known.contains(training.folded[$0]) }
        let chosen = sample(trained, Self.attacked, seed: inputs.seeds[0])
        guard chosen.count > 1, held.count > 1 else { return nil }
        return (
            training: try embedded(
                training.selecting(chosen).texts,
                with: embedder,
                set: "the real training texts"
            ),
            heldOut: real.selecting(sample(held, Self.attacked, seed: inputs.seeds[0]))
        )
    }

    /// What the row `real` is compared with: the test texts that do not stand in for it.
    func comparedWithReal(_ real: Embeddings, _ test: TestTexts) -> Embeddings {
        guard let judging = test.halves.map({ Set($0.judging) }) else { return real }
        return real.selecting(test.compared.indices.filter { judging.contains(test.compared[$0]) })
    }

    /// MAUVE, FID, precision, recall.
    func measureSimilarity(
        of own: Embeddings,
        to real: Embeddings,
        set: String,
        into metrics: inout RowMetrics
    ) throws {
        guard own.dimension == real.dimension else {
            throw EvaluationError.dimensionMismatch(
                set: set,
                expected: real.dimension,
                found: own.dimension
            )
        }
        let scores = try inputs.seeds.compactMap {
            try Mauve.score(own, real, seed: $0, parallel: parallel)
        }
        if !scores.isEmpty {
            metrics.mauve = scores.reduce(0, +) / Double(scores.count)
            metrics.mauveSeeds = scores
        }
        if min(own.count, real.count) > 1 {
            metrics.fid = try FrechetDistance.between(own, real, parallel: parallel)
        }
        if let coverage = try NeighborhoodCoverage(
            real: real,
            synthetic: own,
            parallel: parallel
        ) {
            metrics.precision = coverage.precision
            metrics.recall = coverage.recall
            metrics.f1 = coverage.f1
        }
    }

    /// Lengths, diversity, duplicates and, for `full`, self-BLEU and overlap with training texts.
    func measureWords(
        of source: RowSource,
        against test: TestTexts,
        training: TrainingIndex?,
        into metrics: inout RowMetrics
    ) throws {
        let texts = source.features.selecting(source.measured)
        let lengths = LengthDistribution(texts.verbatim)
        let real = LengthDistribution(test.compared.map { test.features.verbatim[$0] })
        metrics.lengthWasserstein = lengths.wassersteinDistance(to: real)
        metrics.lengthMean = lengths.mean
        metrics.lengthMedian = lengths.median
        let distinct = parallel.map(3) { length, _ in
            DistinctNGrams.share(of: texts.verbatim, length: length + 1)
        }
        metrics.distinct1 = distinct[0]
        metrics.distinct2 = distinct[1]
        metrics.distinct3 = distinct[2]
        metrics.distinctN = distinct[1]
        metrics.exactDuplicates = ExactDuplicates.share(of: texts.texts)
        metrics.nearDuplicates = try NearDuplicates(texts.texts, parallel: parallel)
            .shareWithin(parallel: parallel)
        guard inputs.metrics == .full else { return }
        metrics.selfBLEU = SelfBLEU.score(of: texts.verbatim)
        guard source.reference != .real, let training else { return }
        metrics.trainingOverlap = try TrainingOverlap(
            of: texts,
            training: training,
            parallel: parallel
        )
    }

    /// The private training texts, indexed, when overlap with them is asked for.
    func trainingIndex() throws -> TrainingIndex? {
        guard inputs.metrics == .full, let training = inputs.realTrain else { return nil }
        return try TrainingIndex(training.droppingBlanks().set.texts, parallel: parallel)
    }
}
