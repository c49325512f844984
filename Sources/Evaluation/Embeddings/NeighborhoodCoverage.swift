package import Kernels
package import LanguageModel

/// k-nearest-neighbour precision and recall of synthetic embeddings against real ones.
///
///     precision = share of synthetic points within some real point's distance to its k-th neighbour
///     recall    = share of real points within some synthetic point's distance to its k-th neighbour
///
/// Kynkäänniemi et al. 2019, arXiv:1904.06991, Eq. 1–2; k = 3 as in the text synthesis papers.
/// Neighbours are other points of the same set; distances are Euclidean.
package struct NeighborhoodCoverage: Sendable, Equatable {
    /// How much of the synthetic text looks real, in [0, 1].
    package let precision: Double
    /// How much of the real text has something like it among the synthetic, in [0, 1].
    package let recall: Double

    /// The harmonic mean of both, 0 when both are 0.
    package var f1: Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    /// Measures both shares; `nil` when a set has no more than `neighbors` texts.
    package init?(
        real: Embeddings,
        synthetic: Embeddings,
        neighbors: Int = 3,
        parallel: ParallelFor
    ) throws {
        guard min(real.count, synthetic.count) > neighbors else { return nil }
        let centre = real.mean()
        let real = real.centered(at: centre)
        let synthetic = synthetic.centered(at: centre)
        let realRadii = try Self.radii(of: real, neighbors: neighbors, parallel: parallel)
        let syntheticRadii = try Self.radii(of: synthetic, neighbors: neighbors, parallel: parallel)
        let distances = SquaredDistances(from: synthetic, to: real)
        let blocks = parallel.map(distances.blockCount) { block, _ in
            var insideReal = 0
            var reached = [Bool](repeating: false, count: real.count)
            distances.forEachRow(of: block) { row, values in
                var isInside = false
                let radius = syntheticRadii[row]
                for index in 0..<values.count {
                    if values[index] <= realRadii[index] { isInside = true }
                    if values[index] <= radius { reached[index] = true }
                }
                if isInside { insideReal += 1 }
            }
            return (insideReal, reached)
        }
        var reached = [Bool](repeating: false, count: real.count)
        for block in blocks {
            for index in reached.indices where block.1[index] { reached[index] = true }
        }
        precision = Double(blocks.reduce(0) { $0 + $1.0 }) / Double(synthetic.count)
        recall = Double(reached.count { $0 }) / Double(real.count)
    }

    /// Each point's squared distance to its k-th nearest other point, [count].
    private static func radii(
        of points: Embeddings,
        neighbors: Int,
        parallel: ParallelFor
    ) throws -> [Float] {
        let distances = SquaredDistances(from: points, to: points)
        return parallel.map(distances.blockCount) { block, _ in
            var radii: [Float] = []
            distances.forEachRow(of: block) { row, values in
                var nearest = [Float](repeating: .infinity, count: neighbors)
                for index in 0..<values.count where values[index] < nearest[neighbors - 1] {
                    if index == row { continue }
                    var place = neighbors - 1
                    while place > 0, nearest[place - 1] > values[index] {
                        nearest[place] = nearest[place - 1]
                        place -= 1
                    }
                    nearest[place] = values[index]
                }
                radii.append(nearest[neighbors - 1])
            }
            return radii
        }.flatMap { $0 }
    }
}

/// Squared Euclidean distances from rows of one set to all rows of another, block by block.
///
///     ‖x − y‖² = ‖x‖² + ‖y‖² − 2⟨x, y⟩
///
/// Float; both sets should be moved near zero first, or large common parts cancel badly.
struct SquaredDistances {
    /// Rows of the first set in one block.
    static let blockRows = 128

    private let first: Embeddings
    private let second: Embeddings
    private let firstNorms: [Float]
    private let secondNorms: [Float]

    init(from first: Embeddings, to second: Embeddings) {
        precondition(
            first.dimension == second.dimension,
            "embeddings of \(first.dimension) and \(second.dimension) dimensions have no distance"
        )
        self.first = first
        self.second = second
        firstNorms = first.squaredNorms()
        secondNorms = second.squaredNorms()
    }

    /// The number of blocks that cover the first set.
    var blockCount: Int { (first.count + Self.blockRows - 1) / Self.blockRows }

    /// The rows of the first set in block `block`.
    func rows(of block: Int) -> Range<Int> {
        block * Self.blockRows..<min(first.count, (block + 1) * Self.blockRows)
    }

    /// Calls `body(row, distances)` for each row of a block; `distances` is [second.count].
    func forEachRow(of block: Int, _ body: (Int, Span<Float>) -> Void) {
        let range = rows(of: block)
        let scratch = FloatBuffer(count: range.count * second.count)
        MatrixMultiply.multiply(
            first.matrix.rows(range),
            transposed: second.matrix,
            into: Matrix(scratch, rows: range.count, columns: second.count),
            alpha: -2
        )
        for row in range {
            let start = (row - range.lowerBound) * second.count
            scratch.withMutableSpan(start..<start + second.count) { span in
                let norm = firstNorms[row]
                for index in 0..<span.count {
                    span[index] = max(0, span[index] + norm + secondNorms[index])
                }
                body(row, span.span)
            }
        }
    }
}
