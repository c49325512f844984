extension RaggedBatch {
    /// Cuts a batch into shards of about equally many rows, at most `rowBudget` each.
    ///
    /// Units are given out from the longest to the shortest, each to the shard with the fewest rows so
    /// far; the result is a function of the lengths and their order alone. A unit with more rows
    /// than the budget gets a shard to itself, since a unit is never split.
    ///
    /// - Parameters:
    ///   - units: For each unit its records' examples, at least one.
    ///   - rowBudget: The most rows of a shard; at least 1. A matter of speed and memory only.
    /// - Returns: Shards that together hold each unit once; none for no units.
    package static func shards(of units: [[TokenizedExample]], rowBudget: Int) -> [RaggedBatch] {
        precondition(rowBudget >= 1, "rowBudget is \(rowBudget); it must be >= 1")
        let rows = units.map { unit in unit.reduce(0) { $0 + $1.tokens.count - 1 } }
        let order = units.indices.sorted { (rows[$0], $1) > (rows[$1], $0) }
        var count = max(1, (rows.reduce(0, +) + rowBudget - 1) / rowBudget)
        var assigned = assignment(of: order, rows: rows, shardCount: count)
        while exceeds(assigned, rows: rows, rowBudget: rowBudget) {
            count += max(1, count / 16)
            assigned = assignment(of: order, rows: rows, shardCount: count)
        }
        return assigned.filter { !$0.isEmpty }.map { members in
            var batch = RaggedBatch()
            for unit in members { batch.append(units[unit], index: unit) }
            return batch
        }
    }

    private static func assignment(of order: [Int], rows: [Int], shardCount: Int) -> [[Int]] {
        struct Load: Comparable {
            let rows: Int
            let shard: Int
            static func < (a: Load, b: Load) -> Bool { (a.rows, a.shard) < (b.rows, b.shard) }
        }
        var loads = MinimumHeap<Load>()
        for shard in 0..<shardCount { loads.push(Load(rows: 0, shard: shard)) }
        var shards = Array(repeating: [Int](), count: shardCount)
        for unit in order {
            guard let lightest = loads.pop() else { break }
            shards[lightest.shard].append(unit)
            loads.push(Load(rows: lightest.rows + rows[unit], shard: lightest.shard))
        }
        return shards
    }

    private static func exceeds(_ shards: [[Int]], rows: [Int], rowBudget: Int) -> Bool {
        shards.contains { members in
            members.count > 1 && members.reduce(0) { $0 + rows[$1] } > rowBudget
        }
    }
}
