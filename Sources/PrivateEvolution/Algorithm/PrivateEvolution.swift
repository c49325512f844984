package import DifferentialPrivacy
package import Kernels

/// Private Evolution: public generators propose, the private corpus votes under noise.
///
///     repeat T times                                Lin et al. 2024, arXiv:2305.15560, Alg. 1–2
///       candidates ← kept ∪ variations(kept)        (fresh ones at first)
///       counts ← votes of the private units for their nearest candidates + N(0, σ²)
///       kept ← selection by counts                  class by class
///
/// - Privacy: what depends on the corpus is T noisy histograms over all classes at once, each of
///   sensitivity 1, and class sizes, if they are released. All else is post-processing of them.
/// - Each histogram is reserved in the ledger before it is counted. Its noise is bound to the
///   candidates, the embedder, the settings and the corpus: the same votes always get the same
///   noise, other votes never do.
/// - Each stage is durable before the next begins; run again with the same folder, it goes on
///   where it ended, with the same result bit for bit as far as generators are deterministic.
package struct PrivateEvolution<Generator: CandidateGenerator, Embedder: CandidateEmbedder>:
    Sendable
where Generator.Candidate == Embedder.Candidate {
    /// What evolves.
    package typealias Candidate = Generator.Candidate

    /// What is done.
    package let settings: EvolutionSettings
    /// σ of every histogram, in votes; 0 for a run that is NOT PRIVATE.
    package let noiseMultiplier: Double
    let generator: Generator
    let embedder: Embedder
    let folder: EvolutionFolder
    let parallel: ParallelFor
    let environment: ContentDigest

    /// Assembles an evolution.
    ///
    /// - Parameters:
    ///   - settings: What to do; validated here.
    ///   - noiseMultiplier: σ, such that `settings.releaseCount` releases meet the budget.
    ///   - generator: Proposes candidates.
    ///   - embedder: For candidates and corpus.
    ///   - folder: Where state is kept.
    ///   - corpus: H(the corpus and how it is read): fingerprint, columns, unit, label set, product
    ///     version. The embedder, the settings and the machine are added to it.
    ///   - machine: What computes.
    ///   - parallel: The threads to use; nothing depends on them.
    /// - Throws: `PrivateEvolutionError.invalidSetting`.
    package init(
        settings: EvolutionSettings,
        noiseMultiplier: Double,
        generator: Generator,
        embedder: Embedder,
        folder: EvolutionFolder,
        corpus: ContentDigest,
        machine: ComputingMachine,
        parallel: ParallelFor
    ) throws {
        try settings.validate()
        self.settings = settings
        self.noiseMultiplier = noiseMultiplier
        self.generator = generator
        self.embedder = embedder
        self.folder = folder
        self.parallel = parallel
        environment = ContentDigest(
            domain: "evolution-environment",
            fields: [
                ("corpus", corpus.bytes),
                ("embedder", embedder.fingerprint),
                ("settings", try EvolutionFolder.encode(settings)),
            ] + machine.fields
        )
    }

    /// Runs, or goes on, to the end.
    ///
    /// - Parameters:
    ///   - corpus: Embedded by the same embedder.
    ///   - ledger: The run's; it stays open, as the caller finishes it once its output is durable.
    ///   - observe: Told of progress; may be called from any thread.
    ///   - publish: Gets the kept candidates of each iteration, from 1, as soon as they are known;
    ///     again, when a run that ended is continued.
    /// - Returns: The kept candidates of the last iteration, class after class.
    /// - Throws: What the generator, the ledger and the disk throw; `CancellationError`. Run again,
    ///   it goes on from there.
    nonisolated(nonsending) package func run(
        on corpus: PrivateCorpus,
        ledger: PrivacyLedger,
        observe: @escaping @Sendable (EvolutionProgress) -> Void = { _ in },
        publish: (_ iteration: Int, _ kept: [Individual<Candidate>]) throws -> Void = { _, _ in }
    ) async throws -> [Individual<Candidate>] {
        precondition(corpus.classes.count == settings.classes.count)
        let sizes = try classSizes(of: corpus, ledger: ledger)
        var kept: [Individual<Candidate>] = []
        for iteration in 1...settings.iterations {
            try Task.checkCancellation()
            let seeds = try IterationSeeds(iteration: iteration, ledger: ledger)
            let population = try await population(
                iteration,
                sizes: sizes,
                kept: kept,
                seeds: seeds,
                observe: observe
            )
            let lookahead = try await lookahead(
                iteration,
                population: population,
                seeds: seeds,
                observe: observe
            )
            observe(.voting(iteration: iteration))
            let counts = try noisyVotes(
                iteration,
                of: corpus,
                for: population,
                lookahead: lookahead,
                ledger: ledger
            )
            kept = select(from: population, counts: counts, sizes: sizes, seeds: seeds)
            try publish(iteration, kept)
        }
        return kept
    }
}

/// A candidate among those that compete, and its class.
package struct Individual<Candidate: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// The class, an index into the public list of classes.
    package let classIndex: Int
    /// What evolves.
    package let candidate: Candidate

    private enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case candidate
    }
}

/// How far an evolution has come.
///
/// Public quantities only.
package enum EvolutionProgress: Equatable, Sendable {
    /// The private records are being embedded; the share that is done, in [0, 1].
    case reading(share: Double)
    /// Candidates, or their look-ahead variations, are being made.
    case generating(iteration: Int, done: Int, of: Int)
    /// The candidates are complete; the corpus votes.
    case voting(iteration: Int)
    /// An endpoint did not answer with a text; it is asked again after so many seconds.
    case waiting(reason: String, seconds: Double)
    /// An endpoint refuses a prompt with this status; another one takes its place.
    case promptRefused(status: Int)
    /// An endpoint answers with more than it was asked for, which is cut.
    case answerCut(bytes: Int)
}
