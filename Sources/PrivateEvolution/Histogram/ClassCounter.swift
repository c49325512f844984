/// Counts units by class.
///
/// A record is one in its class; a user of several records contributes the vector of their class
/// counts scaled to L2 norm ≤ 1. So adding or removing a unit moves the counts by at most 1.
enum ClassCounter {
    /// The counts, one a class, for the mechanism only.
    static func count(_ corpus: PrivateCorpus) -> ExactVotes {
        var units = [[Int]](
            repeating: [Int](repeating: 0, count: corpus.classes.count),
            count: corpus.unitCount
        )
        for (index, group) in corpus.classes.enumerated() {
            for unit in group.units { units[Int(unit)][index] += VoteAmount.partsPerVote }
        }
        var totals = [Int](repeating: 0, count: corpus.classes.count)
        for unit in units {
            for (index, parts) in VoteAmount.normalized(unit).enumerated() {
                totals[index] += parts
            }
        }
        return ExactVotes(parts: totals)
    }
}
