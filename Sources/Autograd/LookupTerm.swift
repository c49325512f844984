package import Kernels

/// A gradient whose row `indices[t]` is the sum of the rows t, over the rows of each unit.
package struct LookupTerm: Sendable {
    package let indices: [Int32]
    package let rows: Matrix
    package let units: [Range<Int>]

    /// Describes the gradient of a table from which row t was read at `indices[t]`.
    package init(indices: [Int32], rows: Matrix, units: [Range<Int>]) {
        precondition(indices.count == rows.rows, "\(indices.count) indices, \(rows.rows) rows")
        self.indices = indices
        self.rows = rows
        self.units = units
    }

    /// Rows of a repeated index add before the norm is taken.
    func squaredNorm(unit: Int, scratch: Arena) -> Double {
        // Rows of one index follow one another.
        let sorted = units[unit].sorted { (indices[$0], $0) < (indices[$1], $1) }
        return scratch.scoped {
            let sum = scratch.matrix(rows: 1, columns: rows.columns)
            var total = 0.0
            var rest = sorted[...]
            while let first = rest.first {
                let group = rest.prefix { indices[$0] == indices[first] }
                total += squaredNorm(ofSumOf: group, sum: sum)
                rest = rest[group.endIndex...]
            }
            return total
        }
    }

    /// `sum` is scratch memory for one row.
    private func squaredNorm(ofSumOf group: ArraySlice<Int>, sum: Matrix) -> Double {
        if group.count == 1 {
            let row = group[group.startIndex]
            return rows.rows(row..<row + 1).squaredNorm
        }
        sum.fill(with: 0)
        for row in group { sum.add(rows.rows(row..<row + 1)) }
        return sum.squaredNorm
    }

    func inner(_ other: LookupTerm, unit: Int, scratch: Arena) -> Double {
        scratch.scoped {
            let (mine, theirs) = (units[unit], other.units[unit])
            let products = scratch.matrix(rows: mine.count, columns: theirs.count)
            MatrixMultiply.multiply(
                rows.rows(mine),
                transposed: other.rows.rows(theirs),
                into: products
            )
            var sum = 0.0
            for (i, row) in mine.enumerated() {
                for (j, column) in theirs.enumerated()
                where indices[row] == other.indices[column] {
                    sum += Double(products[i, j])
                }
            }
            return sum
        }
    }

    func addSum(rows range: Range<Int>, to sum: Matrix) {
        for (row, index) in indices.enumerated() where range.contains(Int(index)) {
            let place = Int(index) - range.lowerBound
            sum.rows(place..<place + 1).add(rows.rows(row..<row + 1))
        }
    }
}
