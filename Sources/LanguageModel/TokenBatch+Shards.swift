extension TokenBatch {
    /// Splits units into batches of at most `maximumRows` rows each, the longest as short as can be.
    ///
    /// A unit is never split, so one longer than that makes a batch of its own. The number of
    /// batches is rounded up to a multiple of `multiple` where there are enough units: it keeps
    /// that many threads busy, and must not itself depend on the threads of a run if results are
    /// to be the same on other machines. Units keep their order.
    public static func shards(
        of units: [[Sequence]],
        maximumRows: Int,
        multiple: Int = 4
    ) -> [TokenBatch] {
        precondition(maximumRows > 0 && multiple > 0, "shards of \(maximumRows) rows, \(multiple)")
        let rows = units.map { $0.reduce(0) { $0 + max($1.tokens.count - 1, 0) } }
        let needed = max(shardRanges(ofRows: rows, atMost: maximumRows).count, 1)
        let count = (needed + multiple - 1) / multiple * multiple
        var (low, high) = (1, maximumRows)
        while low < high {
            let middle = (low + high) / 2
            if shardRanges(ofRows: rows, atMost: middle).count <= count {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return shardRanges(ofRows: rows, atMost: high).map { range in
            var shard = TokenBatch()
            for unit in units[range] { shard.appendUnit(unit) }
            return shard
        }
    }

    /// The fewest runs of consecutive units of at most `limit` rows; a longer unit is one itself.
    public static func shardRanges(ofRows rows: [Int], atMost limit: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var (start, sum) = (0, 0)
        for (unit, count) in rows.enumerated() {
            if sum + count > limit, unit > start {
                ranges.append(start..<unit)
                (start, sum) = (unit, 0)
            }
            sum += count
        }
        if start < rows.count { ranges.append(start..<rows.count) }
        return ranges
    }
}
