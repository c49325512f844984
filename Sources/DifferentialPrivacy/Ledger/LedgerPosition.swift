/// How far a ledger had come: what a checkpoint stores to recognise a shortened or replaced one.
public struct LedgerPosition: Codable, Hashable, Sendable {
    /// The number of lines, header included.
    public let entries: Int
    /// The hash of the last of them.
    public let head: ContentDigest

    /// States a position.
    public init(entries: Int, head: ContentDigest) {
        self.entries = entries
        self.head = head
    }
}
