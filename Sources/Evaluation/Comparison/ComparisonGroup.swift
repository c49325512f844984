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
