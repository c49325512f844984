import CVectorMath

extension Matrix {
    /// Σ of the squares of all elements, in double precision.
    package var squaredNorm: Double {
        if isContiguous { return unsafe vector_math_squared_norm(base, range.count) }
        return (0..<rows).reduce(0) { $0 + rows($1..<$1 + 1).squaredNorm }
    }

    /// Σ of the products of corresponding elements, in double precision.
    package func dot(_ other: Matrix) -> Double {
        requireShape(of: other)
        if isContiguous && other.isContiguous {
            return unsafe vector_math_dot(base, other.base, range.count)
        }
        return (0..<rows).reduce(0) { $0 + rows($1..<$1 + 1).dot(other.rows($1..<$1 + 1)) }
    }

    /// The Euclidean length of each row, in double precision: nothing overflows or vanishes.
    package var rowNorms: [Double] {
        (0..<rows).map { rows($0..<$0 + 1).squaredNorm.squareRoot() }
    }
}
