import Kernels
import LanguageModel

/// What the metrics compute of vectors.
extension Embeddings {
    /// The rows of `first` followed by those of `second`, copied.
    static func stacked(_ first: Embeddings, _ second: Embeddings) -> Embeddings {
        let both = Embeddings(count: first.count + second.count, dimension: first.dimension)
        both.values.store(first.values.values(0..<first.count * first.dimension), at: 0)
        both.values.store(
            second.values.values(0..<second.count * second.dimension),
            at: first.count * first.dimension
        )
        return both
    }

    /// The mean vector, in Double, [dimension].
    func mean() -> [Double] {
        var sums = [Double](repeating: 0, count: dimension)
        for index in 0..<count {
            let vector = row(index)
            for column in 0..<dimension { sums[column] += Double(vector[column]) }
        }
        return sums.map { $0 / Double(max(count, 1)) }
    }

    /// The rows minus `centre`.
    func centered(at centre: [Double]) -> Embeddings {
        let moved = Embeddings(count: count, dimension: dimension)
        for index in 0..<count {
            var vector = row(index)
            for column in 0..<dimension {
                vector[column] = Float(Double(vector[column]) - centre[column])
            }
            moved.values.store(vector, at: index * dimension)
        }
        return moved
    }

    /// The rows scaled to L2 norm 1; a row of zeros stays.
    func normalized() -> Embeddings {
        let scaled = Embeddings(count: count, dimension: dimension)
        for index in 0..<count {
            var vector = row(index)
            let norm = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            if norm > 0 {
                for column in 0..<dimension {
                    vector[column] = Float(Double(vector[column]) / norm)
                }
            }
            scaled.values.store(vector, at: index * dimension)
        }
        return scaled
    }

    /// Each row's squared norm, [count].
    func squaredNorms() -> [Float] {
        (0..<count).map { Float(row($0).reduce(0.0) { $0 + Double($1) * Double($1) }) }
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
