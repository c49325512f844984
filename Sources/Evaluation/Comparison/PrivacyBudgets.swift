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

    /// The runs of each series at each budget, as places in `methods`.
    ///
    /// Series come in order of appearance, the budgets of a series ascending, runs whose guarantee is
    /// not stated last.
    ///
    /// - Parameter methods: The rows that are no reference.
    /// - Returns: Places with their budget, which is `nil` where no guarantee is stated.
    static func runs(
        of methods: [(series: String, claim: PrivacyClaim?)]
    ) -> [(budget: Double?, places: [Int])] {
        let budgets = PrivacyBudgets(methods.compactMap(\.claim))
        var groupsOfSeries: [String: [Double?: [Int]]] = [:]
        var series: [String] = []
        for (place, method) in methods.enumerated() {
            if groupsOfSeries[method.series] == nil { series.append(method.series) }
            let budget = method.claim.map(budgets.level(of:))
            groupsOfSeries[method.series, default: [:]][budget, default: []].append(place)
        }
        return series.flatMap { series in
            (groupsOfSeries[series] ?? [:]).map { (budget: $0, places: $1) }.sorted {
                ($0.budget == nil ? 1 : 0, $0.budget ?? 0)
                    < ($1.budget == nil ? 1 : 0, $1.budget ?? 0)
            }
        }
    }
}
