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
