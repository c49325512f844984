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
    ///
    /// k rows of one index, r of which is the computed sum and S the sum of their lengths, are off by
    /// e = γ_k·S, and the square of the norm by (2‖r‖ + e)·e.
    func squaredNorm(unit: Int, scratch: Arena) -> ProductNorm.Square {
        // Rows of one index follow one another.
        let sorted = units[unit].sorted { (indices[$0], $0) < (indices[$1], $1) }
        return scratch.scoped {
            let sum = scratch.matrix(rows: 1, columns: rows.columns)
            var (value, error, magnitudes, longest) = (0.0, 0.0, 0.0, 0.0)
            var rest = sorted[...]
            while let first = rest.first {
                let group = rest.prefix { indices[$0] == indices[first] }
                let lengths = group.map { rows.rows($0..<$0 + 1).squaredNorm.squareRoot() }
                let square = squaredNorm(ofSumOf: group, sum: sum)
                let length = lengths.reduce(0, +)
                let rounding = group.count == 1 ? 0 : BoundedValue.floatBound(group.count) * length
                value += square
                error += (2 * square.squareRoot() + rounding) * rounding
                magnitudes += length * length
                longest = max(longest, length)
                rest = rest[group.endIndex...]
            }
            error += 1.001 * BoundedValue.doubleBound(sorted.count + rows.columns) * value
            return ProductNorm.Square(
                norm: BoundedValue(value: value, error: error),
                magnitude: magnitudes.squareRoot(),
                longestRow: longest
            )
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

    func inner(_ other: LookupTerm, unit: Int) -> BoundedValue {
        var (value, magnitude) = (0.0, 0.0)
        let lengths = other.rows.rowNorms
        for row in units[unit] {
            let mine = rows.rows(row..<row + 1)
            let length = mine.squaredNorm.squareRoot()
            for column in other.units[unit] where indices[row] == other.indices[column] {
                value += mine.dot(other.rows.rows(column..<column + 1))
                magnitude += length * lengths[column]
            }
        }
        let additions = rows.columns + units[unit].count * other.units[unit].count
        return BoundedValue(
            value: value,
            error: 1.001 * BoundedValue.doubleBound(additions) * magnitude
        )
    }

    func addSum(rows range: Range<Int>, to sum: Matrix) {
        for (row, index) in indices.enumerated() where range.contains(Int(index)) {
            let place = Int(index) - range.lowerBound
            sum.rows(place..<place + 1).add(rows.rows(row..<row + 1))
        }
    }
}
