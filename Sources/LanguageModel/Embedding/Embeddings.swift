public import Kernels

/// The vectors that stand for a set of texts (or other candidates), one a row.
public struct Embeddings: Sendable {
    /// The elements, row by row, [count, dimension].
    public let values: FloatBuffer
    /// The number of vectors.
    public let count: Int
    /// The length of each vector.
    public let dimension: Int

    /// Wraps `values`, [count, dimension].
    public init(values: FloatBuffer, count: Int, dimension: Int) {
        precondition(
            count >= 0 && dimension > 0 && values.count >= count * dimension,
            "\(values.count) values do not hold \(count)×\(dimension)"
        )
        self.values = values
        self.count = count
        self.dimension = dimension
    }

    /// Zeros, to be filled.
    public init(count: Int, dimension: Int) {
        self.init(
            values: FloatBuffer(count: count * dimension),
            count: count,
            dimension: dimension
        )
    }

    /// The same memory as a matrix view.
    package var matrix: Matrix { Matrix(values, rows: count, columns: dimension) }

    /// The rows `members`, copied.
    package func selecting(_ members: [Int]) -> Embeddings {
        let copy = Embeddings(count: members.count, dimension: dimension)
        copy.matrix.gather(members, from: matrix)
        return copy
    }

    /// One vector, copied.
    package func row(_ index: Int) -> [Float] {
        values.values(index * dimension..<(index + 1) * dimension)
    }
}
