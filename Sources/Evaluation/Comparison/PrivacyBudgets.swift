/// The different ε of a comparison.
///
/// Two runs at one target spend a little less than it, each its own amount, so values that lie within
/// 1 % of their neighbour are one budget: the largest of them, as an upper bound must be.
struct PrivacyBudgets {
    /// Ascending; infinity last.
    let levels: [Double]

    /// Gathers what the claims spend.
    init(_ claims: [PrivacyClaim]) {
        var levels: [Double] = []
        var previous: PrivacyClaim?
        for claim in claims.sorted(by: { $0.epsilon < $1.epsilon }) where !claim.epsilon.isNaN {
            if let previous, previous.spendsAsMuch(as: claim) { levels.removeLast() }
            levels.append(claim.epsilon)
            previous = claim
        }
        self.levels = levels
    }

    /// The budget that a claim belongs to: the least that is no smaller.
    func level(of claim: PrivacyClaim) -> Double {
        levels.first { $0 >= claim.epsilon } ?? claim.epsilon
    }

    /// The runs of each series at each budget, as places in `methods`, in order of appearance.
    static func runs(of methods: [(series: String, claim: PrivacyClaim?)]) -> [[Int]] {
        struct Key: Hashable {
            let series: String
            let level: Double?
        }
        let budgets = PrivacyBudgets(methods.compactMap(\.claim))
        var places: [Key: Int] = [:]
        var groups: [[Int]] = []
        for (index, method) in methods.enumerated() {
            let key = Key(series: method.series, level: method.claim.map(budgets.level(of:)))
            if let place = places[key] {
                groups[place].append(index)
            } else {
                places[key] = groups.count
                groups.append([index])
            }
        }
        return groups
    }
}
