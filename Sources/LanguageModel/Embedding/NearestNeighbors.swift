package import Kernels

/// Finds the candidates nearest to each query in Euclidean distance, by blocked matrix products.
///
///     ‖x − s‖² = ‖x‖² − 2·(x·s − ½‖s‖²):  the nearest s has the largest score x·s − ½‖s‖²
///
/// - What is found for a query is a function of that query and the candidates alone: products in
///   single precision only screen, and whatever lies within their rounding error of the k-th best
///   is decided again in double precision, pair by pair. Other queries, their number and order, and
///   the threads change nothing, not even among near-ties. Vote sensitivity rests on this.
/// - Equal distances go to the lower index, so the k candidates found are always distinct.
/// - A query that is not finite finds nothing; a candidate that is not finite is never found.
/// - Time O(queries·candidates·dimensions); memory one block of scores a thread (1 MiB).
package struct NearestNeighbors: Sendable {
    /// Queries and candidates of one block of scores.
    static let queryBlock = 256
    static let candidateBlock = 1024

    let candidates: Embeddings
    /// ½‖s‖² of every candidate; +∞ for one that is not finite.
    let halfSquares: [Float]
    /// The largest norm of a finite candidate.
    let largestNorm: Double

    /// Prepares to search among `candidates`, [count, dimensions].
    package init(among candidates: Embeddings) {
        self.candidates = candidates
        var halfSquares: [Float] = []
        var largest = 0.0
        for row in 0..<candidates.count {
            let square = Self.squaredNorm(candidates, row)
            let half = Float(square / 2)
            halfSquares.append(half.isFinite ? half : .infinity)
            if half.isFinite { largest = max(largest, square) }
        }
        self.halfSquares = halfSquares
        largestNorm = largest.squareRoot()
    }

    /// The indices of the `count` nearest candidates of each query.
    ///
    /// - Parameters:
    ///   - queries: [queries, dimensions].
    ///   - count: k ≥ 1; if there are fewer candidates, all of them are found.
    ///   - parallel: The threads to use; nothing depends on them.
    /// - Returns: For each query its candidates, in no particular order.
    package func neighbors(
        of queries: Embeddings,
        count: Int,
        parallel: ParallelFor
    ) -> [[Int32]] {
        precondition(count >= 1, "\(count) neighbours; there must be at least 1")
        precondition(
            queries.count == 0 || candidates.count == 0
                || queries.dimension == candidates.dimension,
            "queries have \(queries.dimension) dimensions, candidates \(candidates.dimension)"
        )
        guard candidates.count > 0 else { return Array(repeating: [], count: queries.count) }
        let scratch = (0..<parallel.threadCount).map { _ in
            FloatBuffer(count: Self.queryBlock * min(Self.candidateBlock, candidates.count))
        }
        let blockCount = (queries.count + Self.queryBlock - 1) / Self.queryBlock
        let blocks = parallel.map(blockCount) { block, worker in
            let start = block * Self.queryBlock
            let rows = start..<min(start + Self.queryBlock, queries.count)
            return search(queries, rows, count: count, scores: scratch[worker])
        }
        return blocks.flatMap { $0 }
    }

    /// The nearest candidate of each query, and its squared distance.
    ///
    /// - Parameters:
    ///   - queries: [queries, dimensions].
    ///   - parallel: The threads to use; nothing depends on them.
    /// - Returns: One a query, the distance in double precision; nil for a query that is not finite, and
    ///   without finite candidates.
    package func nearest(
        to queries: Embeddings,
        parallel: ParallelFor
    ) -> [(index: Int, squaredDistance: Double)?] {
        neighbors(of: queries, count: 1, parallel: parallel).enumerated().map { row, found in
            found.first.map {
                (index: Int($0), squaredDistance: squaredDistance(queries.row(row), Int($0)))
            }
        }
    }

    private func squaredDistance(_ query: [Float], _ candidate: Int) -> Double {
        let row = candidates.matrix.rows(candidate..<candidate + 1)
        return row.buffer.withSpan(row.range) { span in
            var sum = 0.0
            for index in 0..<span.count {
                let difference = Double(query[index]) - Double(span[index])
                sum += difference * difference
            }
            return sum
        }
    }

    private func search(
        _ queries: Embeddings,
        _ rows: Range<Int>,
        count: Int,
        scores: FloatBuffer
    ) -> [[Int32]] {
        var shortlists = rows.map { row in
            Shortlist(count: count, rounding: roundingBound(queries, row))
        }
        var start = 0
        while start < candidates.count {
            let columns = start..<min(start + Self.candidateBlock, candidates.count)
            let product = Matrix(scores, rows: rows.count, columns: columns.count)
            MatrixMultiply.multiply(
                queries.matrix.rows(rows),
                transposed: candidates.matrix.rows(columns),
                into: product
            )
            screen(product, columns, into: &shortlists)
            start = columns.upperBound
        }
        return zip(rows, shortlists).map { row, shortlist in
            decide(shortlist.survivors, of: queries, row, count: count)
        }
    }

    private func screen(
        _ product: Matrix,
        _ columns: Range<Int>,
        into shortlists: inout [Shortlist]
    ) {
        for row in shortlists.indices where shortlists[row].isOpen {
            let scores = product.rows(row..<row + 1)
            var threshold = shortlists[row].threshold
            scores.buffer.withSpan(scores.range) { span in
                for column in 0..<span.count {
                    let candidate = columns.lowerBound + column
                    let score = span[column] - halfSquares[candidate]
                    // False for NaN, so that what is not finite is passed over.
                    guard score >= threshold else { continue }
                    shortlists[row].add(Int32(candidate), score: score)
                    threshold = shortlists[row].threshold
                }
            }
        }
    }

    /// Picks the k best of the few that rounding leaves in doubt.
    private func decide(
        _ survivors: [Int32],
        of queries: Embeddings,
        _ row: Int,
        count: Int
    ) -> [Int32] {
        guard survivors.count > count else { return survivors }
        let query = queries.row(row)
        let exact = survivors.map { (score: exactScore(query, Int($0)), candidate: $0) }
        let best = exact.sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.candidate < $1.candidate
        }
        return best.prefix(count).map(\.candidate)
    }

    /// x·s − ½‖s‖² in double precision, summed in the order of the dimensions.
    private func exactScore(_ query: [Float], _ candidate: Int) -> Double {
        let row = candidates.matrix.rows(candidate..<candidate + 1)
        return row.buffer.withSpan(row.range) { span in
            var score = 0.0
            for index in 0..<span.count {
                let value = Double(span[index])
                score += Double(query[index]) * value - value * value / 2
            }
            return score
        }
    }

    /// How far a screening score of this query can be from the exact one; NaN or ∞ if it is not
    /// finite.
    ///
    ///     |fl(x·s) − x·s| ≤ γ·‖x‖‖s‖,  γ = d·u/(1 − d·u),  u = 2⁻²⁴         Higham 2002, Sec. 3.1
    ///
    /// in whatever order the products are added; the other roundings cover norm, difference and threshold.
    private func roundingBound(_ queries: Embeddings, _ row: Int) -> Float {
        let unit = 0x1p-24 * Double(queries.dimension + 8)
        let norm = Self.squaredNorm(queries, row).squareRoot()
        let magnitude = norm * largestNorm + largestNorm * largestNorm
        return Float(unit / (1 - unit) * magnitude) + .leastNormalMagnitude
    }

    private static func squaredNorm(_ embeddings: Embeddings, _ row: Int) -> Double {
        let single = embeddings.matrix.rows(row..<row + 1)
        return single.buffer.withSpan(single.range) { span in
            var sum = 0.0
            for index in 0..<span.count { sum += Double(span[index]) * Double(span[index]) }
            return sum
        }
    }
}

/// The candidates that may be among the k best of one query, given scores with bounded rounding.
private struct Shortlist {
    /// Scores below this cannot belong to one of the k best.
    private(set) var threshold: Float
    /// False for a query that is not finite: it finds nothing.
    let isOpen: Bool

    private let slack: Float
    /// The k best scores so far, ascending; shorter until k were seen.
    private var best: [Float] = []
    private var entries: [(candidate: Int32, score: Float)] = []
    private let count: Int

    /// Entries that have been overtaken are thrown out whenever the list reaches this length.
    private var tidyLength: Int

    /// Starts an empty list.
    ///
    /// - Parameters:
    ///   - count: k ≥ 1.
    ///   - rounding: The largest error of a score; the k-th best and its challenger may both be off.
    init(count: Int, rounding: Float) {
        self.count = count
        isOpen = rounding.isFinite
        slack = 2 * rounding
        threshold = -.greatestFiniteMagnitude
        tidyLength = max(64, 8 * count)
    }

    /// What is left: all candidates that may be among the k best.
    var survivors: [Int32] {
        entries.lazy.filter { $0.score >= threshold }.map(\.candidate)
    }

    /// Adds a candidate whose score is at least `threshold`.
    mutating func add(_ candidate: Int32, score: Float) {
        entries.append((candidate, score))
        if best.count < count || score > best[0] { raise(score) }
        guard entries.count >= tidyLength else { return }
        entries.removeAll { $0.score < threshold }
        tidyLength = max(64, 2 * entries.count)
    }

    private mutating func raise(_ score: Float) {
        if best.count == count { best.removeFirst() }
        best.insert(score, at: best.firstIndex { $0 >= score } ?? best.endIndex)
        if best.count == count { threshold = best[0] - slack }
    }
}
