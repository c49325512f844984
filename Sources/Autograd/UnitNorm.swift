package import Kernels

/// ‖G‖ of one unit over all trainable parameters, as far as single precision lets it be known, and
/// the norm that it is clipped by, which bounds what is added of it.
///
/// What the clipped sum takes up of a unit with factor f is not f·G. Rows are multiplied and added in
/// single precision: of each product f·left_ti·right_tj, one rounding for f, one for the product, and
/// one for each addition on its way, of which there are at most as many as the shard has rows and a
/// few for what is added in parts. With M_p = Σ_t ‖left_t‖·‖right_t‖ over all terms of parameter p, M
/// the Euclidean norm of the M_p, and γ_k = k·2⁻²⁴/(1 − k·2⁻²⁴), in whatever order they are added,
///
///     ‖what is added − f·G‖ ≤ f·γ_k·M,    k = max(512, rows) + 8         Higham 2002, Lemma 3.1
///
/// M ≥ ‖G‖, and where rows cancel M is larger by any factor. Then the sum's rounding is longer than
/// the gradient. With E, the bound of the error of ‖G‖² as computed, the unit is clipped by
///
///     N = max(‖G‖, (√(‖G‖² + E) + γ_k·M)/(1 + 2⁻¹¹), M/(4·√rows))
///
/// so that f = C·(1 − m)/N makes ‖what is added‖ ≤ C·(1 − m)·(1 + 2⁻¹¹), half of the margin m ≥ 2⁻¹⁰ of
/// `ClippingFactors`, whatever the rows are. The other half is for the rounding of f and of sums of
/// whole units, see there. For a gradient that does not cancel, the second is the smaller one (64 rows
/// that are perpendicular have γ_k·M = 2.5·10⁻⁴·‖G‖): N is ‖G‖, and no signal is lost.
///
/// The third bounds what a unit does to others: while its rows are being added, sums are as large as
/// f·M, and round accordingly what is there of other units. By it f·M ≤ 4·√rows·C.
///
/// Rows longer than 2⁸⁰ have no norm: f times them could vanish in one factor of a product of which the
/// other is large.
package struct UnitNorm: Sendable {
    /// The share of the norm up to which its error is left to the margin of clipping.
    package static let toleratedError = 0x1p-11
    /// Rows of a shard of several units, at most; a single unit may have more.
    private static let shardRows = 512
    private static let longestRow = 0x1p80

    /// ‖G‖² as computed, with the bound of its error.
    package private(set) var square = BoundedValue(value: 0, error: 0)
    /// M².
    package private(set) var magnitudeSquare = 0.0
    private var longest = 0.0

    /// The norm of nothing.
    package init() {}

    /// Adds a term of a parameter.
    ///
    /// - Parameters:
    ///   - term: Its own squared norm.
    ///   - earlier: The sum of the magnitudes of the parameter's terms so far.
    package mutating func add(_ term: ProductNorm.Square, besides earlier: Double) {
        square.value += term.norm.value
        square.error += term.norm.error
        magnitudeSquare += (2 * earlier + term.magnitude) * term.magnitude
        longest = term.longestRow.isNaN ? .nan : max(longest, term.longestRow)
    }

    /// Adds 2⟨a, b⟩ of two terms of a parameter.
    package mutating func add(twice inner: BoundedValue) {
        square.value += 2 * inner.value
        square.error += 2 * inner.error
    }

    /// N² for a unit of that many rows; NaN if something that went into it is not finite.
    package func clippingSquare(rows: Int) -> Double {
        guard square.value.isFinite, square.error.isFinite, magnitudeSquare.isFinite,
            longest <= Self.longestRow
        else { return .nan }
        let magnitude = magnitudeSquare.squareRoot()
        let additions = BoundedValue.floatBound(max(Self.shardRows, rows) + 8)
        let bound = max(0, square.value + square.error).squareRoot() + additions * magnitude
        return max(
            square.value,
            (bound / (1 + Self.toleratedError)) * (bound / (1 + Self.toleratedError)),
            ProductNorm.leastShare(rows: rows) * magnitudeSquare
        )
    }
}
