import DifferentialPrivacy
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
    func count(_ corpus: PrivateCorpus, for candidates: [Embeddings]) -> BoundedCounts {
        precondition(candidates.count == corpus.classes.count)
        return BoundedCounts(
            binCount: candidates.reduce(0) { $0 + $1.count },
            sensitivity: 1,
            units: contributions(of: corpus, to: candidates)
        )
    }

    /// Each unit's votes, by unit.
    private func contributions(
        of corpus: PrivateCorpus,
        to candidates: [Embeddings]
    ) -> [UnitContribution] {
        var units = [UnitContribution](repeating: .init(), count: corpus.unitCount)
        var recordCount = [Int](repeating: 0, count: corpus.unitCount)
        var firstBin = 0
        for (group, candidates) in zip(corpus.classes, candidates) {
            let found = NearestNeighbors(among: candidates)
                .neighbors(of: group.embeddings, count: neighborCount, parallel: parallel)
            for (unit, neighbors) in zip(group.units, found) {
                recordCount[Int(unit)] += 1
                let share = neighbors.isEmpty ? 0 : UnitContribution.share(among: neighbors.count)
                for bin in neighbors { units[Int(unit)].add(share, to: firstBin + Int(bin)) }
            }
            firstBin += candidates.count
        }
        return zip(units, recordCount).map { $1 > 1 ? $0.scaled(to: 1) : $0 }
    }
}

/// Counts units by class.
///
/// A record is one in its class; a user of several records contributes the vector of their class
/// counts scaled to L2 norm ≤ 1. So adding or removing a unit moves the counts by at most 1.
enum ClassCounter {
    /// The counts, one a class, for the mechanism only.
    static func count(_ corpus: PrivateCorpus) -> BoundedCounts {
        var units = [UnitContribution](repeating: .init(), count: corpus.unitCount)
        for (index, group) in corpus.classes.enumerated() {
            for unit in group.units {
                units[Int(unit)].add(UnitContribution.partsPerCount, to: index)
            }
        }
        return BoundedCounts(
            binCount: corpus.classes.count,
            sensitivity: 1,
            units: units.lazy.map { $0.scaled(to: 1) }
        )
    }
}
