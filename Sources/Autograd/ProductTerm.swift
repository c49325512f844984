package import Kernels

/// A gradient leftᵀ·right, [left columns, right columns], over the rows of each unit.
///
/// For a linear layer `left` is the input and `right` the output gradient; for the tied head,
/// whose weight is [vocabulary, width], `left` is the gradient of the logits and `right` the input.
package struct ProductTerm: Sendable {
    /// A normalisation's kept rows, from which its output is made again.
    package struct NormalizedInput: Sendable {
        let normalized: Matrix
        let scale: Matrix
        let shift: Matrix?

        /// Refers to the kept rows z of y = z ⊙ scale + shift; nil is no shift.
        package init(normalized: Matrix, scale: Matrix, shift: Matrix?) {
            self.normalized = normalized
            self.scale = scale
            self.shift = shift
        }

        /// Overwrites rows of z with y·factor; a factor of 0 writes exact zeros.
        func weight(_ rows: Matrix, by factor: Float) {
            if let shift {
                LayerNorm.affineInPlace(rows, scale: scale, shift: shift, factor: factor)
            } else {
                RMSNorm.scaled(rows, scale: scale, factor: factor, into: rows)
            }
        }
    }

    package private(set) var left: Matrix
    package let right: Matrix
    package let units: [Range<Int>]
    private let source: NormalizedInput?

    /// Describes a gradient; its matrices stay untouched by others until the sum is taken.
    ///
    /// With `source`, `left` is its output in scratch memory that lasts only until the norm is
    /// taken; the weighted output is made again over the kept rows, which nothing else uses then.
    package init(
        left: Matrix,
        right: Matrix,
        units: [Range<Int>],
        madeFrom source: NormalizedInput? = nil
    ) {
        self.left = left
        self.right = right
        self.units = units
        self.source = source
    }

    func squaredNorm(unit: Int, scratch: Arena) -> ProductNorm.Square {
        let rows = units[unit]
        return ProductNorm.squared(left.rows(rows), right.rows(rows), scratch: scratch)
    }

    mutating func weight(by factors: ArraySlice<Float>) {
        if let source { left = source.normalized }
        // One side carries the factor: the one that is rewritten anyway, else the narrower one.
        let carriesLeft = source != nil || left.columns <= right.columns
        for (rows, factor) in zip(units, factors) {
            let (leftRows, rightRows) = (left.rows(rows), right.rows(rows))
            if let source {
                source.weight(leftRows, by: factor)
            } else {
                (carriesLeft ? leftRows : rightRows).scale(by: factor)
            }
            // 0·NaN is NaN, so the other side of an excluded unit is cleared too.
            if factor == 0 { (carriesLeft ? rightRows : leftRows).fill(with: 0) }
        }
    }
}
