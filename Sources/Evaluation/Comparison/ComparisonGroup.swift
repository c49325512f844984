/// The runs of one method at one ε, taken together.
///
/// What a report ranks, marks and draws: single runs differ by the noise of the mechanism, so the best
/// of several says little about a method.
public struct ComparisonGroup: Sendable, Encodable, Equatable {
    /// The row's name for a single run; otherwise the series and its ε.
    public let name: String
    /// Which curve the runs belong to.
    public let series: String
    /// The names of the rows, in their order.
    public let runs: [String]
    /// What all runs guarantee: the largest ε and δ of theirs; `nil` when none is stated.
    public let privacy: PrivacyClaim?
    /// Mean and spread of every metric.
    public let metrics: GroupMetrics
    /// The rows themselves; the first stands for all where only one can be drawn.
    let rows: [ComparisonRow]
    /// The budget of the report that the runs spend; `nil` when no guarantee is stated.
    let budget: Double?

    enum CodingKeys: String, CodingKey { case name, series, runs, privacy, metrics }

    /// Takes rows of one series at one budget together, at least one.
    init(rows: [ComparisonRow], budget: Double? = nil) {
        precondition(!rows.isEmpty, "a group of 0 rows; it needs at least 1")
        let claim = PrivacyClaim.covering(rows.compactMap(\.privacy))
        series = rows[0].series
        let level = claim.map { " ε=\(ReportNumber.epsilon($0.epsilon))" } ?? ""
        name = rows.count == 1 ? rows[0].name : rows[0].series + level
        runs = rows.map(\.name)
        privacy = claim
        metrics = GroupMetrics(of: rows.map(\.metrics))
        self.rows = rows
        self.budget = budget
    }

    /// The methods' groups in order of appearance; reference rows belong to none.
    static func groups(of rows: [ComparisonRow]) -> [ComparisonGroup] {
        let methods = rows.filter { $0.reference == nil }
        return PrivacyBudgets.runs(of: methods.map { ($0.series, $0.privacy) }).map { runs in
            ComparisonGroup(rows: runs.places.map { methods[$0] }, budget: runs.budget)
        }
    }

    /// Which reference it is; `nil` for a method.
    var reference: ComparisonRow.Reference? { rows[0].reference }

    /// The series in a sentence that states ε itself; the row's name if no ε is known.
    var method: String { privacy == nil ? name : series }

    /// Whether a guarantee is stated and finite.
    var isPrivate: Bool { privacy?.epsilon.isFinite ?? false }
}

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
