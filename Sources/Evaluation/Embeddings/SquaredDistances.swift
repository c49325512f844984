import Kernels
import LanguageModel

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
