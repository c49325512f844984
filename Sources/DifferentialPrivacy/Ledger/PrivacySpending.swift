/// The distinct releases that ledgers speak of, and what they cost together.
///
/// A release that was recorded twice with the same key digest is the same output computed again: it
/// counts once, within one ledger and over copies of it.
public struct PrivacySpending: Equatable, Sendable {
    private struct Release: Equatable {
        let key: ContentDigest
        let event: PrivacyEvent
    }

    private var releases: [Release] = []
    private var known: [ContentDigest: [PrivacyEvent]] = [:]
    private var counts: [PlannedSpending] = []

    /// How often each kind of release is among them.
    var kinds: [PlannedSpending] { counts }

    /// The same, each kind at least as often as it is planned.
    func kinds(with plan: [PlannedSpending]) -> [PlannedSpending] {
        var kinds = counts
        for planned in plan {
            let allowed = plan.filter { $0.event == planned.event }.reduce(0) { $0 + $1.count }
            if let place = kinds.firstIndex(where: { $0.event == planned.event }) {
                kinds[place].count = max(kinds[place].count, allowed)
            } else {
                kinds.append(PlannedSpending(event: planned.event, count: allowed))
            }
        }
        return kinds
    }

    /// Nothing spent.
    public init() {}

    /// True if that release is among them.
    public func contains(_ key: ContentDigest, _ event: PrivacyEvent) -> Bool {
        known[key]?.contains(event) ?? false
    }

    /// How many distinct releases there are.
    public var count: Int { releases.count }

    /// Adds a release unless it is known.
    public mutating func add(_ key: ContentDigest, _ event: PrivacyEvent) {
        guard !contains(key, event) else { return }
        known[key, default: []].append(event)
        releases.append(Release(key: key, event: event))
        if let index = counts.firstIndex(where: { $0.event == event }) {
            counts[index].count += 1
        } else {
            counts.append(PlannedSpending(event: event, count: 1))
        }
    }

    /// Adds the releases of another ledger; those in both count once.
    public mutating func merge(_ other: PrivacySpending) {
        for release in other.releases { add(release.key, release.event) }
    }

    /// The same releases at other costs.
    func mapEvents(_ cost: (PrivacyEvent) -> PrivacyEvent) -> PrivacySpending {
        var changed = PrivacySpending()
        for release in releases { changed.add(release.key, cost(release.event)) }
        return changed
    }

    /// What all of it costs, for an accountant.
    public var event: PrivacyEvent {
        let parts = counts.map { $0.count == 1 ? $0.event : .repeated($0.event, count: $0.count) }
        return parts.count == 1 ? parts[0] : .composed(parts)
    }

    /// An upper bound of ε of all of it at the budget's δ; nil for a budget without one.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func guarantee(
        under budget: PrivacyBudget
    ) throws(PrivacyError) -> PrivacyGuarantee? {
        guard let delta = budget.delta else { return nil }
        return try PrivacyAccounting.guarantee(of: event, delta: delta)
    }

    /// What `plan` keeps for later: its releases of other kinds than `event` that are not made yet.
    func outstanding(of plan: [PlannedSpending], besides event: PrivacyEvent) -> [PrivacyEvent] {
        plan.compactMap { planned in
            let made = counts.first { $0.event == planned.event }?.count ?? 0
            guard planned.event != event, planned.count > made else { return nil }
            return .repeated(planned.event, count: planned.count - made)
        }
    }

    /// True if with one more `event` no kind of release occurs more often than `plan` allows for.
    func isWithin(_ plan: [PlannedSpending], adding event: PrivacyEvent) -> Bool {
        let isKnown = counts.contains { $0.event == event }
        let others = isKnown ? [] : [PlannedSpending(event: event, count: 0)]
        return (counts + others).allSatisfy { spent in
            let allowed = plan.filter { $0.event == spent.event }.reduce(0) { $0 + $1.count }
            return spent.count + (spent.event == event ? 1 : 0) <= allowed
        }
    }
}

/// A kind of release and how many of it there are.
public struct PlannedSpending: Codable, Equatable, Sendable {
    /// What one of them costs.
    public let event: PrivacyEvent
    /// How many, at least 1.
    public internal(set) var count: Int

    /// States `count` releases of one kind.
    public init(event: PrivacyEvent, count: Int) {
        self.event = event
        self.count = count
    }
}
