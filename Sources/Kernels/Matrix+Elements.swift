import CVectorMath

extension Matrix {
    /// The elements row by row, copied out.
    package var values: [Float] {
        (0..<rows).flatMap { row in
            buffer.values(offset + row * rowStride..<offset + row * rowStride + columns)
        }
    }

    /// Sets every element.
    package func fill(with value: Float) {
        if isContiguous {
            buffer.fill(range, with: value)
        } else {
            for row in 0..<rows { rows(row..<row + 1).fill(with: value) }
        }
    }

    /// Copies the elements of a matrix of the same shape.
    package func copy(from source: Matrix) {
        requireShape(of: source)
        for row in 0..<rows {
            unsafe (base + row * rowStride).update(
                from: source.base + row * source.rowStride,
                count: columns
            )
        }
    }

    /// Row i becomes row `indices[i]` of `source`.
    package func gather(_ indices: [Int], from source: Matrix) {
        precondition(indices.count == rows && source.columns == columns, "gather of other shape")
        for (row, index) in indices.enumerated() {
            rows(row..<row + 1).copy(from: source.rows(index..<index + 1))
        }
    }

    /// Row `indices[i]` becomes row i of `source`; the other rows stay.
    package func scatter(_ source: Matrix, to indices: [Int]) {
        precondition(indices.count == source.rows, "scatter of other shape")
        for (row, index) in indices.enumerated() {
            rows(index..<index + 1).copy(from: source.rows(row..<row + 1))
        }
    }

    /// Every row becomes `row`, [1, columns].
    package func fillRows(with row: Matrix) {
        row.requireRow(of: columns)
        unsafe vector_math_fill_rows(row.base, base, rows, columns, rowStride)
    }

    /// Adds `row`, [1, columns], to every row.
    package func addToRows(_ row: Matrix) {
        row.requireRow(of: columns)
        unsafe vector_math_add_to_rows(row.base, base, rows, columns, rowStride)
    }

    /// Adds factor · `values`, a matrix of the same shape; both contiguous.
    package func add(_ values: Matrix, scaledBy factor: Float = 1) {
        requireShape(of: values)
        let (target, source) = (range, values.range)
        precondition(target.count == source.count)
        unsafe vector_math_add_scaled(factor, values.base, base, target.count)
    }

    /// Multiplies every element; a factor of 0 writes exact zeros, whatever the elements were.
    package func scale(by factor: Float) {
        guard factor != 0 else { return fill(with: 0) }
        unsafe vector_math_scale(factor, base, range.count)
    }

    /// Adds the sum of the rows of `source` to this single row.
    package func addColumnSums(of source: Matrix) {
        requireRow(of: source.columns)
        unsafe vector_math_add_column_sums(
            source.base,
            source.rows,
            source.columns,
            source.rowStride,
            base
        )
    }

    func requireShape(of other: Matrix) {
        precondition(
            rows == other.rows && columns == other.columns,
            "\(rows)×\(columns) does not match \(other.rows)×\(other.columns)"
        )
    }

    func requireRow(of width: Int) {
        precondition(
            rows == 1 && columns == width,
            "\(rows)×\(columns) is not one row of \(width)"
        )
    }
}
