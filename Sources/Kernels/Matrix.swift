/// A row-major matrix inside a `FloatBuffer`: a view, not a copy.
package struct Matrix: Sendable {
    /// The memory that holds the elements.
    package let buffer: FloatBuffer
    /// Index of element (0, 0) in the buffer.
    package let offset: Int
    /// Number of rows.
    package let rows: Int
    /// Number of columns.
    package let columns: Int
    /// Distance between the starts of neighbouring rows, in elements.
    package let rowStride: Int

    /// Views `rows` × `columns` elements of `buffer` from `offset` on.
    ///
    /// `rowStride` is at least `columns`, which is also the default.
    package init(
        _ buffer: FloatBuffer,
        offset: Int = 0,
        rows: Int,
        columns: Int,
        rowStride: Int? = nil
    ) {
        let stride = rowStride ?? columns
        precondition(
            offset >= 0 && rows >= 0 && columns >= 0 && stride >= columns,
            "no matrix of \(rows)×\(columns), stride \(stride), at \(offset)"
        )
        let end = rows == 0 ? offset : offset + (rows - 1) * stride + columns
        precondition(
            end <= buffer.count,
            "a matrix of \(rows)×\(columns), stride \(stride), at \(offset) does not fit into "
                + "\(buffer.count) elements"
        )
        self.buffer = buffer
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.rowStride = stride
    }

    /// Rows `range` of this matrix.
    package func rows(_ range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rows,
            "rows \(range) outside 0..<\(rows)"
        )
        return Matrix(
            buffer,
            offset: offset + range.lowerBound * rowStride,
            rows: range.count,
            columns: columns,
            rowStride: rowStride
        )
    }

    /// Columns `range` of this matrix.
    package func columns(_ range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= columns,
            "columns \(range) outside 0..<\(columns)"
        )
        return Matrix(
            buffer,
            offset: offset + range.lowerBound,
            rows: rows,
            columns: range.count,
            rowStride: rowStride
        )
    }

    /// The same elements, in the same order, as rows of `columns`; only for a contiguous matrix.
    package func reshaped(columns: Int) -> Matrix {
        let count = range.count
        precondition(
            columns > 0 && count % columns == 0,
            "\(count) elements are not rows of \(columns)"
        )
        return Matrix(buffer, offset: offset, rows: count / columns, columns: columns)
    }

    /// Whether the rows follow one another without gaps.
    package var isContiguous: Bool { rowStride == columns || rows <= 1 }

    /// The elements' places in the buffer; only for a contiguous matrix.
    package var range: Range<Int> {
        precondition(isContiguous, "a matrix with stride \(rowStride) has no single range")
        return offset..<offset + rows * columns
    }

    /// The element at (row, column).
    package subscript(row: Int, column: Int) -> Float {
        get { buffer[offset + row * rowStride + column] }
        nonmutating set { buffer[offset + row * rowStride + column] = newValue }
    }

    /// The start of the elements, for kernels.
    var base: UnsafeMutablePointer<Float> { unsafe buffer.base + offset }
}
