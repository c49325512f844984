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

    /// Σ self[i, j]·other[i, columns[j]], in double precision.
    package func dot(_ other: Matrix, columns places: ArraySlice<Int32>) -> Double {
        precondition(
            rows == other.rows && columns == places.count,
            "\(rows)×\(columns) against \(places.count) columns of \(other.rows) rows"
        )
        precondition(
            places.allSatisfy { $0 >= 0 && $0 < other.columns },
            "a column outside 0..<\(other.columns)"
        )
        return unsafe places.withUnsafeBufferPointer { places in
            guard let first = places.baseAddress else { return 0 }
            return unsafe vector_math_gathered_dot(
                base,
                rowStride,
                other.base,
                other.rowStride,
                rows,
                first,
                columns
            )
        }
    }

    /// ⟨self, other⟩ of two symmetric matrices of which only the lower triangles are read.
    package func symmetricDot(_ other: Matrix) -> Double {
        requireShape(of: other)
        precondition(rows == columns, "\(rows)×\(columns) is not square")
        return unsafe vector_math_symmetric_dot(
            base,
            rowStride,
            other.base,
            other.rowStride,
            rows
        )
    }

    /// The largest magnitude of any element; NaN if one is NaN.
    package var maximumMagnitude: Float {
        var largest: Float = 0
        for row in 0..<rows {
            let magnitude = unsafe vector_math_maximum_magnitude(base + row * rowStride, columns)
            if magnitude.isNaN { return magnitude }
            largest = max(largest, magnitude)
        }
        return largest
    }
}
