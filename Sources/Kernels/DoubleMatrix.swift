import COpenBLAS

/// A small row-major matrix of doubles, for covariances and their decompositions.
package struct DoubleMatrix: Sendable, Equatable {
    /// Number of rows.
    package let rows: Int
    /// Number of columns.
    package let columns: Int
    /// The elements, row by row.
    package var values: [Double]

    /// A matrix of zeros.
    package init(rows: Int, columns: Int) {
        self.init(
            rows: rows,
            columns: columns,
            values: [Double](repeating: 0, count: rows * columns)
        )
    }

    /// A matrix of the given elements, row by row.
    package init(rows: Int, columns: Int, values: [Double]) {
        precondition(
            rows >= 0 && columns >= 0 && values.count == rows * columns,
            "\(values.count) values do not fill \(rows)×\(columns)"
        )
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The element at (row, column).
    package subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// The sum of the diagonal.
    package var trace: Double {
        (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] }
    }

    /// The product self · other.
    package func multiplied(by other: DoubleMatrix) -> DoubleMatrix {
        precondition(
            columns == other.rows,
            "cannot multiply \(rows)×\(columns) by \(other.rows)×\(other.columns)"
        )
        var product = DoubleMatrix(rows: rows, columns: other.columns)
        guard rows > 0, columns > 0, other.columns > 0 else { return product }
        _ = MatrixMultiply.singleThreaded
        unsafe cblas_dgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasNoTrans,
            Int32(rows),
            Int32(other.columns),
            Int32(columns),
            1,
            values,
            Int32(columns),
            other.values,
            Int32(other.columns),
            0,
            &product.values,
            Int32(other.columns)
        )
        return product
    }

    /// Adds selfᵀ · self to the lower triangle of `sum`, [columns, columns].
    package func addGram(to sum: inout DoubleMatrix) {
        precondition(
            sum.rows == columns && sum.columns == columns,
            "a Gram matrix of \(columns) columns is not \(sum.rows)×\(sum.columns)"
        )
        guard rows > 0, columns > 0 else { return }
        _ = MatrixMultiply.singleThreaded
        unsafe cblas_dsyrk(
            CblasRowMajor,
            CblasLower,
            CblasTrans,
            Int32(columns),
            Int32(rows),
            1,
            values,
            Int32(columns),
            1,
            &sum.values,
            Int32(columns)
        )
    }
}
