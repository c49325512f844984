import Kernels
import LanguageModel

/// Lets the units of a private corpus vote for the candidates nearest to them.
///
/// A record votes for its k nearest candidates of its own class, 1/√k for each, in k different
/// bins (Lin et al. 2024, arXiv:2305.15560, Alg. 2; Xie et al. 2024, arXiv:2403.01749, Alg. 1). A
/// unit's contribution is the vector over all bins of all classes:
///
/// - a record as the unit: its own votes, L2 norm ≤ 1;
/// - a user as the unit: the sum of the user's records' votes, scaled to L2 norm ≤ 1, however many
///   records and classes there are.
///
/// So adding or removing one unit moves the histogram by at most 1 in L2 norm, exactly.
struct VoteCounter: Sendable {
    /// k, the number of candidates a record votes for.
    let neighborCount: Int
    /// The threads to use; the counts do not depend on them.
    let parallel: ParallelFor

    /// The sum of all units' contributions, class after class.
    ///
    /// - Parameters:
    ///   - corpus: Who votes.
    ///   - candidates: The embedded candidates of each class, [candidates, dimension].
    /// - Returns: Private counts, for the mechanism only.
    func count(_ corpus: PrivateCorpus, for candidates: [Embeddings]) -> ExactVotes {
        precondition(candidates.count == corpus.classes.count)
        var counts = [Int](repeating: 0, count: candidates.reduce(0) { $0 + $1.count })
        for contribution in contributions(of: corpus, to: candidates) {
            for (bin, parts) in contribution { counts[bin] += parts }
        }
        return ExactVotes(parts: counts)
    }

    /// Each unit's bins and parts of a vote, by unit.
    private func contributions(
        of corpus: PrivateCorpus,
        to candidates: [Embeddings]
    ) -> [[Int: Int]] {
        var units = [[Int: Int]](repeating: [:], count: corpus.unitCount)
        var recordCount = [Int](repeating: 0, count: corpus.unitCount)
        var firstBin = 0
        for (group, candidates) in zip(corpus.classes, candidates) {
            let found = NearestNeighbors(among: candidates)
                .neighbors(of: group.embeddings, count: neighborCount, parallel: parallel)
            for (unit, neighbors) in zip(group.units, found) {
                recordCount[Int(unit)] += 1
                let share = neighbors.isEmpty ? 0 : VoteAmount.share(among: neighbors.count)
                for bin in neighbors { units[Int(unit)][firstBin + Int(bin), default: 0] += share }
            }
            firstBin += candidates.count
        }
        return zip(units, recordCount).map { $1 > 1 ? Self.normalized($0) : $0 }
    }

    private static func normalized(_ contribution: [Int: Int]) -> [Int: Int] {
        let bins = contribution.keys.sorted()
        let parts = VoteAmount.normalized(bins.map { contribution[$0] ?? 0 })
        return Dictionary(uniqueKeysWithValues: zip(bins, parts))
    }
}
