public import Kernels

/// The vectors that stand for a set of texts, one a row.
public struct Embeddings: Sendable {
    /// The elements, row by row, [count, dimension].
    public let values: FloatBuffer
    /// The number of texts.
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

    /// The same memory as a matrix view.
    package var matrix: Matrix { Matrix(values, rows: count, columns: dimension) }

    /// The rows `members`, copied.
    package func selecting(_ members: [Int]) -> Embeddings {
        let copy = FloatBuffer(count: members.count * dimension)
        for (row, member) in members.enumerated() {
            copy.store(self.row(member), at: row * dimension)
        }
        return Embeddings(values: copy, count: members.count, dimension: dimension)
    }

    /// One text's vector.
    package func row(_ index: Int) -> [Float] {
        values.values(index * dimension..<(index + 1) * dimension)
    }

    /// The rows of `first` followed by those of `second`, copied.
    static func stacked(_ first: Embeddings, _ second: Embeddings) -> Embeddings {
        let both = FloatBuffer(count: (first.count + second.count) * first.dimension)
        both.store(first.values.values(0..<first.count * first.dimension), at: 0)
        both.store(
            second.values.values(0..<second.count * second.dimension),
            at: first.count * first.dimension
        )
        return Embeddings(
            values: both,
            count: first.count + second.count,
            dimension: first.dimension
        )
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

    /// The rows minus `centre`, scaled to L2 norm 1 first when `normalized`.
    func centered(at centre: [Double]) -> Embeddings {
        let moved = FloatBuffer(count: count * dimension)
        for index in 0..<count {
            var vector = row(index)
            for column in 0..<dimension {
                vector[column] = Float(Double(vector[column]) - centre[column])
            }
            moved.store(vector, at: index * dimension)
        }
        return Embeddings(values: moved, count: count, dimension: dimension)
    }

    /// The rows scaled to L2 norm 1; a row of zeros stays.
    func normalized() -> Embeddings {
        let scaled = FloatBuffer(count: count * dimension)
        for index in 0..<count {
            var vector = row(index)
            let norm = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            if norm > 0 {
                for column in 0..<dimension {
                    vector[column] = Float(Double(vector[column]) / norm)
                }
            }
            scaled.store(vector, at: index * dimension)
        }
        return Embeddings(values: scaled, count: count, dimension: dimension)
    }

    /// Each row's squared norm, [count].
    func squaredNorms() -> [Float] {
        (0..<count).map { Float(row($0).reduce(0.0) { $0 + Double($1) * Double($1) }) }
    }
}
