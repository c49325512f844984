/// What a ledger file says, parsed and checked.
///
/// Reading one changes nothing on disk.
public struct LedgerRecord: Sendable {
    /// Whose data, under which promise.
    public let header: LedgerHeader
    /// All that was ever reserved.
    public private(set) var spending = PrivacySpending()
    /// True once the last step was durable.
    public private(set) var isFinished = false
    /// The highest step that was reserved; nil before the first.
    public private(set) var lastStep: Int?

    private(set) var chain: LedgerChain
    private(set) var heads: [ContentDigest]

    init(header: LedgerHeader, chain: LedgerChain) {
        self.header = header
        self.chain = chain
        heads = [chain.head]
    }

    /// Where the ledger ends.
    public var position: LedgerPosition { LedgerPosition(entries: chain.count, head: chain.head) }

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
        case .completion: isFinished = true
        }
        if let (key, event) = entry.spending { spending.add(key, event) }
        self.chain = chain
        heads.append(chain.head)
    }
}
