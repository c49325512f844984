/// Finds the largest values of a row, [1, columns], without sorting it.
///
/// Cost: O(columns).
package enum LargestValues {
    /// The indices of the `rank` largest values, of as many more as equal the last of them; all if
    /// there are no more than `rank`.
    package static func indices(_ rank: Int, in row: Matrix) -> [Int32] {
        guard let bound = bound(rank, in: row) else {
            return SamplingKernels.indices(in: row, atLeast: -.infinity)
        }
        let candidates = SamplingKernels.indices(in: row, atLeast: bound)
        guard candidates.count > rank else { return candidates }
        let threshold = value(ofRank: rank, in: candidates.map { row[0, Int($0)] })
        return candidates.filter { row[0, Int($0)] >= threshold }
    }

    /// A value that at least `rank` values reach and few others; nil if there are no more than `rank`.
    ///
    /// It comes from the maxima of groups, so all values are only compared in vectors.
    package static func bound(_ rank: Int, in row: Matrix) -> Float? {
        guard rank < row.columns else { return nil }
        let groups = min(8 * rank, row.columns)
        return value(ofRank: rank, in: SamplingKernels.groupMaxima(of: row, count: groups))
    }

    /// The `rank`-th largest of at least as many values, counted from 1; none is NaN.
    ///
    /// One pass with a heap of the largest so far, smallest on top: most values lose against it.
    package static func value(ofRank rank: Int, in values: [Float]) -> Float {
        var heap = [Float](repeating: -.infinity, count: rank)
        for value in values where value > heap[0] {
            var place = 0
            while true {
                var child = 2 * place + 1
                if child >= rank { break }
                if child + 1 < rank && heap[child + 1] < heap[child] { child += 1 }
                if heap[child] >= value { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = value
        }
        return heap[0]
    }
}
