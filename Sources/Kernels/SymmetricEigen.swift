import COpenBLAS

/// Eigenvalues and eigenvectors of a real symmetric matrix (LAPACK `dsyevd`).
package struct SymmetricEigen: Sendable {
    /// The eigenvalues, ascending, [order].
    package let values: [Double]
    /// The eigenvectors in the same order, one a row, orthonormal, [order, order].
    package let vectors: DoubleMatrix

    /// Decomposes `matrix`, of which the lower triangle is read; `nil` when LAPACK does not
    /// converge or an element read is not finite.
    ///
    /// - Parameter matrix: [order, order].
    package init?(_ matrix: DoubleMatrix) {
        precondition(
            matrix.rows == matrix.columns,
            "a matrix of \(matrix.rows)×\(matrix.columns) has no eigenvalues"
        )
        guard matrix.values.allSatisfy(\.isFinite) else { return nil }
        var order = Int32(matrix.rows)
        var leading = max(order, 1)
        var elements = matrix.values
        var spectrum = [Double](repeating: 0, count: matrix.rows)
        // Sizes that LAPACK asks for with eigenvectors; one more order for its blocking.
        var workCount = 1 + 6 * order + 2 * order * order + order * 64
        var indexCount = 3 + 5 * order
        var work = [Double](repeating: 0, count: Int(workCount))
        var indices = [Int32](repeating: 0, count: Int(indexCount))
        var status: Int32 = 0
        if order > 0 {
            _ = MatrixMultiply.singleThreaded
            // Row-major lower is column-major upper; the vectors' columns come out as our rows.
            unsafe dsyevd_(
                "V",
                "U",
                &order,
                &elements,
                &leading,
                &spectrum,
                &work,
                &workCount,
                &indices,
                &indexCount,
                &status,
                1,
                1
            )
        }
        guard status == 0 else { return nil }
        values = spectrum
        vectors = DoubleMatrix(rows: matrix.rows, columns: matrix.rows, values: elements)
    }

    /// The symmetric square root V · diag(√max(λ, 0)) · Vᵀ, [order, order].
    package func squareRoot() -> DoubleMatrix {
        let order = values.count
        var scaled = DoubleMatrix(rows: order, columns: order)
        for index in 0..<order {
            let factor = max(values[index], 0).squareRoot()
            for column in 0..<order {
                scaled[column, index] = factor * vectors[index, column]
            }
        }
        return scaled.multiplied(by: vectors)
    }
}
