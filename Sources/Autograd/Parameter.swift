package import Kernels

/// One parameter as operations use it: its values, and where its gradient goes.
package struct Parameter: Sendable {
    /// The values, [in, out] for a linear weight, [1, width] for a vector.
    package let value: Matrix
    /// Index of the parameter in the layout of the gradient; nil if it is frozen.
    package let slot: Int?

    /// Views `entry` of the flat buffer `values`.
    package init(_ entry: ParameterLayout.Entry, of values: FloatBuffer, slot: Int?) {
        value = entry.matrix(in: values)
        self.slot = slot
    }
}

extension ParameterLayout.Entry {
    /// The rows and columns of this parameter in a flat buffer; a vector is one row.
    package func matrix(in values: FloatBuffer) -> Matrix {
        let rows = shape.count > 1 ? shape[0] : 1
        return Matrix(values, offset: offset, rows: rows, columns: count / max(rows, 1))
    }
}
