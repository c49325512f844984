package import Kernels

/// What the tape keeps of one use of a parameter: enough for norms and for the clipped sum.
///
/// A term belongs to one parameter of shape [rows, columns] and to the units of one shard.
package enum GradientTerm: Sendable {
    /// leftᵀ·right over the rows of each unit: linear weights and the tied output head.
    case product(ProductTerm)
    /// The gradient of each unit, already summed over its rows: biases, layer norms, adapters.
    case vector(VectorTerm)
    /// Rows added at looked-up places: token and position embeddings.
    case lookup(LookupTerm)

    /// ‖this term‖² of one unit, and the sizes of what it is the sum of.
    package func squaredNorm(unit: Int, scratch: Arena) -> ProductNorm.Square {
        switch self {
        case .product(let term): term.squaredNorm(unit: unit, scratch: scratch)
        case .vector(let term): term.squaredNorm(unit: unit)
        case .lookup(let term): term.squaredNorm(unit: unit, scratch: scratch)
        }
    }

    /// ⟨this term, other⟩ of one unit, for two terms of the same parameter.
    package func inner(_ other: GradientTerm, unit: Int, scratch: Arena) -> BoundedValue {
        switch (self, other) {
        case (.product(let first), .product(let second)):
            return ProductNorm.inner(
                first.left.rows(first.units[unit]),
                first.right.rows(first.units[unit]),
                second.left.rows(second.units[unit]),
                second.right.rows(second.units[unit]),
                scratch: scratch
            )
        case (.product(let product), .lookup(let lookup)),
            (.lookup(let lookup), .product(let product)):
            let (rows, found) = (product.units[unit], lookup.units[unit])
            return ProductNorm.inner(
                product.left.rows(rows),
                product.right.rows(rows),
                lookup: lookup.indices[found],
                rows: lookup.rows.rows(found),
                scratch: scratch
            )
        case (.vector(let first), .vector(let second)):
            return first.inner(second, unit: unit)
        case (.lookup(let first), .lookup(let second)):
            return first.inner(second, unit: unit)
        case (.vector, _), (_, .vector):
            preconditionFailure("a vector parameter has no term of another kind")
        }
    }

    /// Multiplies the term by one factor a unit, once, in place.
    ///
    /// A unit with factor 0 contributes exact zeros from here on, whatever its rows held.
    package mutating func weight(by factors: ArraySlice<Float>) {
        switch self {
        case .product(var term):
            term.weight(by: factors)
            self = .product(term)
        case .vector(let term):
            for (unit, factor) in factors.enumerated() {
                term.perUnit.rows(unit..<unit + 1).scale(by: factor)
            }
        case .lookup(let term):
            for (rows, factor) in zip(term.units, factors) {
                term.rows.rows(rows).scale(by: factor)
            }
        }
    }

    /// Adds rows `range` of the weighted term, summed over the units, to `sum`, [range, columns].
    package func addSum(rows range: Range<Int>, to sum: Matrix) {
        switch self {
        case .product(let term):
            MatrixMultiply.multiply(
                transposed: term.left.columns(range),
                term.right,
                into: sum,
                adding: true
            )
        case .vector(let term):
            let places = range.lowerBound * sum.columns..<range.upperBound * sum.columns
            sum.reshaped(columns: places.count).addColumnSums(of: term.perUnit.columns(places))
        case .lookup(let term): term.addSum(rows: range, to: sum)
        }
    }
}
