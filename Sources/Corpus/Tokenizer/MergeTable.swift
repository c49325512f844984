/// Which pairs of neighbouring tokens merge, how early, and into what.
///
/// An open-addressing table of at most half load: one look-up costs about one cache line, where a
/// `Dictionary` costs a SipHash.
struct MergeTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt64]
    private let mask: Int

    /// A rank that no merge has.
    static let noRank = UInt32.max

    /// An empty table with room for that many merges.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        keys = Array(repeating: .max, count: size)
        values = Array(repeating: .max, count: size)
        mask = size - 1
    }

    private func slot(_ key: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[index] != key && keys[index] != .max { index = (index + 1) & mask }
        return index
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Adds a merge; false if the pair is there already.
    mutating func insert(_ left: Int32, _ right: Int32, rank: UInt32, result: Int32) -> Bool {
        let key = Self.key(left, right)
        let index = slot(key)
        guard keys[index] == .max else { return false }
        keys[index] = key
        values[index] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: result))
        return true
    }

    /// The pair's rank and the token it becomes; `noRank` if it does not merge.
    func merge(_ left: Int32, _ right: Int32) -> (rank: UInt32, result: Int32) {
        let value = values[slot(Self.key(left, right))]
        return (UInt32(value >> 32), Int32(truncatingIfNeeded: value))
    }
}
