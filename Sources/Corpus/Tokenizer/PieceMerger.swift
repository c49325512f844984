/// Merges the byte tokens of one piece, lowest rank first and, among equals, leftmost first.
struct PieceMerger: Sendable {
    /// The merges to apply.
    let table: MergeTable

    /// Pieces up to this length are merged by scanning; above it the quadratic scan loses to a heap.
    private static let longestScan = 64

    /// Replaces the tokens by what they merge into.
    func merge(_ tokens: inout [Int32]) {
        if tokens.count <= Self.longestScan {
            mergeByScanning(&tokens)
        } else {
            mergeByHeap(&tokens)
        }
    }

    /// The plain algorithm, quadratic in the length: find the best pair, merge it, repeat.
    func mergeByScanning(_ tokens: inout [Int32]) {
        guard tokens.count > 1 else { return }
        var ranks = (0..<tokens.count - 1).map { table.merge(tokens[$0], tokens[$0 + 1]).rank }
        while true {
            var best = -1
            var bestRank = MergeTable.noRank
            for index in ranks.indices where ranks[index] < bestRank {
                best = index
                bestRank = ranks[index]
            }
            guard best >= 0 else { return }
            tokens[best] = table.merge(tokens[best], tokens[best + 1]).result
            tokens.remove(at: best + 1)
            ranks.remove(at: best)
            if best < ranks.count {
                ranks[best] = table.merge(tokens[best], tokens[best + 1]).rank
            }
            if best > 0 { ranks[best - 1] = table.merge(tokens[best - 1], tokens[best]).rank }
        }
    }

    /// The same in O(n log n): a linked list of tokens and a heap of candidate merges.
    func mergeByHeap(_ tokens: inout [Int32]) {
        let count = tokens.count
        var next = Array(1...count)
        var previous = Array(-1..<count - 1)
        var heap = MinimumHeap<UInt64>()
        func propose(_ left: Int) {
            guard left >= 0, next[left] < count else { return }
            let rank = table.merge(tokens[left], tokens[next[left]]).rank
            if rank != MergeTable.noRank { heap.push(UInt64(rank) << 32 | UInt64(left)) }
        }
        for index in 0..<count - 1 { propose(index) }
        while let candidate = heap.pop() {
            let left = Int(candidate & 0xFFFF_FFFF)
            let right = next[left]
            // A candidate is stale once either of its tokens has been merged away or changed.
            guard tokens[left] >= 0, right < count else { continue }
            let merge = table.merge(tokens[left], tokens[right])
            guard merge.rank == UInt32(candidate >> 32) else { continue }
            tokens[left] = merge.result
            tokens[right] = -1
            next[left] = next[right]
            if next[right] < count { previous[next[right]] = left }
            propose(previous[left])
            propose(left)
        }
        tokens.removeAll { $0 < 0 }
    }
}

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

/// A binary heap that gives its smallest element first.
struct MinimumHeap<Element: Comparable> {
    private var elements: [Element] = []

    /// Adds an element in O(log n).
    mutating func push(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the smallest element in O(log n).
    mutating func pop() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let smallest = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < elements.count else { return smallest }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < elements[parent] else { return smallest }
            elements.swapAt(child, parent)
            parent = child
        }
    }
}
