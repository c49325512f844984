public import Kernels
import LanguageModel

/// Measures synthetic texts against real ones, every row in the same way.
///
/// Rules that make rows comparable:
/// - every row is measured on the same number of texts, the smallest set's; larger sets are
///   subsampled without replacement, anew for each seed;
/// - every row is judged by the same classifier, embedder and real test texts;
/// - the majority class, real texts and the untuned base model are always rows;
/// - a row states its ε, δ, unit, relation, accountant and who claims them, and is flagged where
///   they differ from those of the methods at the same ε;
/// - rows of one series at one ε are runs of one method: they are ranked by their mean.
///
/// All results depend on the real test texts and are not differentially private.
public struct Comparison: Sendable {
    let inputs: ComparisonInputs
    let parallel: ParallelFor

    /// Checks the inputs.
    ///
    /// - Throws: `EvaluationError` for duplicate names, missing columns, unequal counts, no texts.
    public init(inputs: ComparisonInputs, parallel: ParallelFor) throws {
        self.inputs = inputs
        self.parallel = parallel
        try validate()
    }

    /// Measures every row.
    ///
    /// `progress` is called before each step on the calling thread; an error that it throws ends the
    /// run and is passed on. The same inputs give the same report on any number of threads.
    public func run(
        progress: (ComparisonProgress) throws -> Void = { _ in }
    ) throws -> ComparisonReport {
        let stepsARow = trainsModels ? 3 : 2
        let total =
            3 + stepsARow * (inputs.synthetic.count + (inputs.untunedBase == nil ? 1 : 2))
        var finished = 0
        func report(_ activity: String) throws {
            try progress(ComparisonProgress(activity: activity, finished: finished, total: total))
            finished += 1
        }
        try report("reading words")
        var (test, sources) = try prepare()
        let training = try trainingIndex()
        var metrics = [RowMetrics](repeating: RowMetrics(), count: sources.count)
        var vectors = [Embeddings?](repeating: nil, count: sources.count)
        let embedder = inputs.embedder ?? HashedTextEmbedder()
        try report("embedding the real test texts")
        let real = try embedded(
            test.features.selecting(test.compared).texts,
            with: embedder,
            set: "the real test texts"
        )
        let attack = try membershipAttack(sources, test, real: real, embedder: embedder)
        let drawn = Set(Self.firstRuns(of: sources))
        let shares = Self.classifierSeeds(of: sources, count: inputs.seeds.count)
        for (index, source) in sources.enumerated() where !source.measured.isEmpty {
            try report("texts of \(source.name)")
            try measureWords(of: source, against: test, training: training, into: &metrics[index])
            try report("embeddings of \(source.name)")
            let own = try embedded(
                source.features.selecting(source.measured).texts,
                with: embedder,
                set: source.name
            )
            try measureSimilarity(
                of: own,
                to: source.reference == .real ? comparedWithReal(real, test) : real,
                set: source.name,
                into: &metrics[index]
            )
            if source.reference != .real {
                metrics[index].closeness = try attack.flatMap {
                    try MembershipCloseness(
                        training: $0.training,
                        heldOut: $0.heldOut,
                        synthetic: own,
                        parallel: parallel
                    )
                }
            }
            if drawn.contains(index) { vectors[index] = own }
            guard trainsModels else { continue }
            try report("models of \(source.name)")
            try measureTraining(
                of: source,
                against: test,
                seeds: shares[index],
                into: &metrics[index]
            ) { activity in
                try progress(
                    ComparisonProgress(activity: activity, finished: finished, total: total)
                )
            }
        }
        try report("training classifiers")
        for (row, count) in try measureClassifiers(sources, test: test, into: &metrics) {
            sources[row].flags.append(
                "\(count) of the row's classifiers stopped before convergence"
            )
        }
        return try assemble(
            sources,
            metrics,
            test: test,
            training: training,
            vectors: (real: real, rows: vectors),
            embedder: embedder.name
        )
    }
}
