/// What a ledger file says, parsed and checked.
///
/// Reading one changes nothing on disk.
public struct LedgerRecord: Sendable {
    /// Whose data, under which promise.
    public let header: LedgerHeader
    /// All that was ever reserved.
    public private(set) var spending = PrivacySpending()
    /// True once the last step was durable.
    public var isFinished: Bool { completedSteps != nil }
    /// How many steps led to the last durable state of a finished run; nil before that.
    public private(set) var completedSteps: Int?
    /// True once private diagnostics were asked for.
    public private(set) var hasDiagnostics = false
    /// The highest step that was reserved; nil before the first.
    public private(set) var lastStep: Int?

    /// How many distinct training steps are among the spending.
    public private(set) var stepCount = 0
    /// The distinct releases that are not training steps, in their order.
    public private(set) var releases: [PlannedRelease] = []

    private(set) var chain: LedgerChain
    private(set) var heads: [ContentDigest]

    init(header: LedgerHeader, chain: LedgerChain) {
        self.header = header
        self.chain = chain
        heads = [chain.head]
    }

    /// What all that was ever reserved guarantees; nil for a run without a target.
    ///
    /// It takes the randomness to be secret: see `LedgerHeader.isPrivate`.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func guarantee() throws(PrivacyError) -> PrivacyGuarantee? {
        try spending.guarantee(under: header.budget)
    }

    /// Where the ledger ends.
    public var position: LedgerPosition { LedgerPosition(entries: chain.count, head: chain.head) }

    /// The hash of the first line.
    package var headerDigest: ContentDigest { heads[0] }

    /// True if this ledger is the one that had come to `position`, or a continuation of it.
    public func covers(_ position: LedgerPosition) -> Bool {
        (1...heads.count).contains(position.entries)
            && heads[position.entries - 1] == position.head
    }

    /// Adds an entry that `chain` ends with.
    mutating func append(_ entry: LedgerEntry, chain: LedgerChain) throws(LedgerChain.Break) {
        guard !isFinished else { throw LedgerChain.Break(reason: "it follows the completion") }
        switch entry {
        case .header: throw LedgerChain.Break(reason: "it is a second header")
        case .step(let step): lastStep = max(lastStep ?? 0, step.step)
        case .release: break
        case .diagnostics: hasDiagnostics = true
        case .completion(let steps): completedSteps = steps
        }
        if let (key, event) = entry.spending, !spending.contains(key, event) {
            spending.add(key, event)
            count(entry)
        }
        self.chain = chain
        heads.append(chain.head)
    }

    private mutating func count(_ entry: LedgerEntry) {
        switch entry {
        case .step: stepCount += 1
        case .release(let release):
            releases.append(PlannedRelease(name: release.name, event: release.event))
        case .header, .diagnostics, .completion: break
        }
    }
}

extension LedgerRecord {
    /// What this run costs whoever counts in units of `unit`, an upper bound; see `LedgerHeader.cost`.
    public func spending(by unit: PrivacyUnit) -> PrivacySpending {
        spending.mapEvents { header.cost(of: $0, by: unit) }
    }
}

extension LedgerHeader {
    /// What a release of this run costs whoever counts in units of `unit`, an upper bound.
    ///
    /// | run | counted in records | counted in users |
    /// | --- | --- | --- |
    /// | with `--insecure-seed` | without any guarantee | without any guarantee |
    /// | unit is a record | as it is | without any guarantee: a user may have any number |
    /// | unit is a user | seen from one record, below | as it is |
    ///
    /// One record more or less changes what its user contributes from one vector of norm C to
    /// another. That is no added or removed user: the two may lie 2C apart, so σ counts half. Nor
    /// does the argument for sampling cover it; the release is bounded as if the user always took
    /// part (the sample, told as well, is the same for both corpora).
    func cost(of event: PrivacyEvent, by unit: PrivacyUnit) -> PrivacyEvent {
        guard !isInsecure else { return .nonPrivate }
        return switch (unit, self.unit) {
        case (.record, .record), (.user, .user): event
        case (.user, .record): .nonPrivate
        case (.record, .user): event.underReplacement
        }
    }

    /// What all that is planned costs whoever counts in units of `unit`.
    func plannedCost(by unit: PrivacyUnit) -> PrivacyEvent {
        .composed(planned.map { .repeated(cost(of: $0.event, by: unit), count: $0.count) })
    }
}

extension PrivacyEvent {
    /// An upper bound where a unit's contribution is another one, instead of there or not.
    fileprivate var underReplacement: PrivacyEvent {
        switch self {
        case .nonPrivate: self
        case .gaussian(let noise): .gaussian(noiseMultiplier: noise / 2)
        case .exponential(let range): .exponential(range: 2 * range)
        case .poissonSampled(_, let event): event.underReplacement
        case .repeated(let event, let count): .repeated(event.underReplacement, count: count)
        case .composed(let events): .composed(events.map(\.underReplacement))
        }
    }
}
