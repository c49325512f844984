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
