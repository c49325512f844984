extension TokenBatch {
    /// Splits units into batches of at most `maximumRows` rows each, of nearly equal size.
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
        let rowCounts = units.map { $0.reduce(0) { $0 + max($1.tokens.count - 1, 0) } }
        let total = rowCounts.reduce(0, +)
        let needed = max((total + maximumRows - 1) / maximumRows, 1)
        let count = min((needed + multiple - 1) / multiple * multiple, max(units.count, 1))
        var shards: [TokenBatch] = []
        var current = TokenBatch()
        var placed = 0
        for (unit, rows) in zip(units, rowCounts) {
            // Half of the unit beyond the border belongs to the next shard.
            let border = (shards.count + 1) * total / count
            let isFull = current.rowCount + rows > maximumRows || 2 * placed + rows > 2 * border
            if !current.units.isEmpty, isFull {
                shards.append(current)
                current = TokenBatch()
            }
            current.appendUnit(unit)
            placed += rows
        }
        if !current.units.isEmpty { shards.append(current) }
        return shards
    }
}
