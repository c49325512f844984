import DifferentialPrivacy
import Kernels
import LanguageModel

/// The only code that sees both the private corpus and the ledger: two releases, each reserved,
/// counted and noised in one breath.
extension PrivateEvolution {
    private var histogram: NoisyHistogram { NoisyHistogram(noiseMultiplier: noiseMultiplier) }

    /// How many texts each class keeps.
    func classSizes(of corpus: PrivateCorpus, ledger: PrivacyLedger) throws -> [Int] {
        if let known = try folder.read(
            ClassSizesFile.self,
            from: ClassSizesFile.name,
            in: folder.path
        ) {
            guard known.sizes.count == settings.classes.count else {
                throw PrivateEvolutionError.damagedState(
                    path: folder.path + "/" + ClassSizesFile.name,
                    reason: "it has sizes of \(known.sizes.count) classes, the run has"
                        + " \(settings.classes.count)"
                )
            }
            return known.sizes
        }
        let file: ClassSizesFile
        switch settings.classes {
        case .weights(let weights):
            let sizes = ClassSizes.apportion(settings.count, by: weights)
            file = ClassSizesFile(sizes: sizes, noisyCounts: nil, ledger: nil)
        case .noisyHistogram where !settings.releasesClassSizes:
            file = ClassSizesFile(sizes: [settings.count], noisyCounts: nil, ledger: nil)
        case .noisyHistogram:
            let counts = try noisyClassCounts(of: corpus, ledger: ledger)
            let sizes = ClassSizes.apportion(settings.count, by: counts)
            file = ClassSizesFile(
                sizes: sizes,
                noisyCounts: counts,
                ledger: ledger.record.position
            )
        }
        try folder.writeJSON(file, to: ClassSizesFile.name, in: folder.path)
        return file.sizes
    }

    private func noisyClassCounts(
        of corpus: PrivateCorpus,
        ledger: PrivacyLedger
    ) throws -> [Double] {
        let reservation = try ledger.reserve(
            release: "class-counts",
            event: histogram.event,
            state: ContentDigest(domain: "evolution-state", fields: []),
            environment: environment
        )
        return histogram.release(ClassCounter.count(corpus), for: reservation)
    }

    /// The noisy votes for the candidates of an iteration, in their order.
    func noisyVotes(
        _ iteration: Int,
        of corpus: PrivateCorpus,
        for population: [Individual<Candidate>],
        lookahead: [Individual<Candidate>],
        ledger: PrivacyLedger
    ) throws -> [Double] {
        let place = try folder.iteration(iteration)
        let state = try stateDigest(iteration)
        if let known = try folder.read(HistogramFile.self, from: HistogramFile.name, in: place) {
            guard known.state == state, known.counts.count == population.count else {
                throw PrivateEvolutionError.damagedState(
                    path: place,
                    reason: "the histogram belongs to other candidates"
                )
            }
            return known.counts
        }
        let embedded = try embeddings(of: population, lookahead: lookahead)
        let reservation = try ledger.reserve(
            release: "votes \(iteration)",
            event: histogram.event,
            state: state,
            environment: environment
        )
        let counter = VoteCounter(neighborCount: settings.neighborCount, parallel: parallel)
        let counts = histogram.release(counter.count(corpus, for: embedded), for: reservation)
        let file = HistogramFile(
            counts: counts,
            noiseMultiplier: noiseMultiplier,
            state: state,
            ledger: ledger.record.position
        )
        try folder.writeJSON(file, to: HistogramFile.name, in: place)
        return counts
    }

    /// H(candidates and look-ahead variations as they are on disk).
    private func stateDigest(_ iteration: Int) throws -> ContentDigest {
        let names = ["candidates"] + (settings.lookahead > 0 ? ["lookahead"] : [])
        return ContentDigest(
            domain: "evolution-state",
            fields: try names.map { name in
                let file = CandidateFile<Candidate>(
                    folder: folder,
                    iteration: iteration,
                    name: name
                )
                return (name: name, content: try file.contents() ?? [])
            }
        )
    }

    /// The vectors that records vote among, by class.
    private func embeddings(
        of population: [Individual<Candidate>],
        lookahead: [Individual<Candidate>]
    ) throws -> [Embeddings] {
        let judged = settings.lookahead > 0 ? lookahead : population
        let vectors = LookaheadEmbeddings.means(
            of: try embedder.embed(judged.map(\.candidate), parallel: parallel),
            degree: settings.lookahead
        )
        return (0..<settings.classes.count).map { index in
            vectors.selecting(population.indices.filter { population[$0].classIndex == index })
        }
    }
}

/// Shares out a number of texts over the classes.
package enum ClassSizes {
    /// Whole sizes proportional to `weights` that add up to `count`, by largest remainders.
    ///
    /// - Parameters:
    ///   - count: What to share out, at least 0.
    ///   - weights: Noisy class counts, or what the user states. Negative ones and those that are
    ///     not finite count as 0; if nothing is left, all classes get the same.
    /// - Returns: One size a class.
    package static func apportion(_ count: Int, by weights: [Double]) -> [Int] {
        precondition(count >= 0 && !weights.isEmpty)
        let usable = weights.map { $0.isFinite ? max($0, 0) : 0 }
        let largest = usable.max() ?? 0
        // Relative to the largest, so that sums stay finite.
        let shares = largest > 0 ? usable.map { $0 / largest } : usable.map { _ in 1 }
        let total = shares.reduce(0, +)
        let exact = shares.map { Double(count) * $0 / total }
        var sizes = exact.map { Int($0.rounded(.down)) }
        let order = exact.indices.sorted {
            let (first, second) = (
                exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down)
            )
            return first != second ? first > second : $0 < $1
        }
        let missing = count - sizes.reduce(0, +)
        for rank in 0..<max(missing, 0) { sizes[order[rank % order.count]] += 1 }
        return sizes
    }
}
