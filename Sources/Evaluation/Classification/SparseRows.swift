/// Rows of a sparse matrix, stored one after another.
///
/// Row r owns the entries `starts[r]..<starts[r + 1]` of `columns` and `values`; its columns are
/// distinct.
package struct SparseRows: Sendable {
    /// Where each row's entries begin, [rows + 1].
    package internal(set) var starts: [Int] = [0]
    /// The column of each entry.
    package internal(set) var columns: [Int32] = []
    /// The value of each entry.
    package internal(set) var values: [Float] = []

    /// The number of rows.
    package var count: Int { starts.count - 1 }

    /// The entries of one row.
    func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// The rows `members` only, in that order.
    func selecting(_ members: [Int]) -> SparseRows {
        var chosen = SparseRows()
        for row in members {
            chosen.columns += columns[entries(of: row)]
            chosen.values += values[entries(of: row)]
            chosen.endRow()
        }
        return chosen
    }

    mutating func endRow() { starts.append(columns.count) }
}
