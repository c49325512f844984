/// Turns squared gradient norms into the factors that bound each unit's contribution.
///
///     factor = min(1, C·(1 − m) / ‖g‖₂),  m = max(2⁻¹⁰, B·2⁻²²)
///                                                     Abadi et al. 2016, arXiv:1607.00133, Alg. 1
///
/// - ‖g‖ is at least the norm of what is added of the unit, its own rounding included, but for a share of
///   2⁻¹¹: see `UnitNorm`. So what is added is at most C·(1 − m)·(1 + 2⁻¹¹)·(1 + 2⁻²⁴) long, where 2⁻²⁴ is
///   the rounding of the factor.
/// - What is left of the margin, 4.8·10⁻⁴·C, is for how sums of whole units round differently with the unit
///   and without it. That grows with the sum: where all gradients point the same way, to 1.0e-7·B·C
///   (4.2·10⁻⁴·C measured at B = 4,096), so from there on the margin grows too.
/// - A factor of exactly 0 means: leave the unit out. Do not multiply by it, as 0 · NaN is NaN.
///
/// | squared norm                | factor      |
/// | 0, and up to the bound      | 1           |
/// | above the bound             | bound / norm|
/// | so large that the factor is subnormal | 0 |
/// | ∞, NaN, negative            | 0           |
public struct ClippingFactors: Sendable, Equatable {
    /// The share of `maxGradNorm` that is kept free for rounding at least.
    public static let leastMargin = 0x1p-10

    /// The share of `maxGradNorm` kept free for rounding; half at most.
    public let margin: Double

    /// The bound C that sensitivity is computed from; nil where nothing is clipped.
    public let maxGradNorm: Double?
    let seam: TestSeam

    /// Clips to a positive, finite bound; with nil only non-finite gradients are left out.
    ///
    /// `expectedBatchSize` is B, about how many gradients are summed.
    public init(maxGradNorm: Double?, expectedBatchSize: Int = 1) {
        self.init(maxGradNorm: maxGradNorm, expectedBatchSize: expectedBatchSize, seam: .none)
    }

    init(maxGradNorm: Double?, expectedBatchSize: Int, seam: TestSeam) {
        if let maxGradNorm {
            precondition(
                maxGradNorm > 0 && maxGradNorm < .infinity,
                "maxGradNorm is \(maxGradNorm); it must be positive and finite"
            )
        }
        self.maxGradNorm = maxGradNorm
        self.seam = seam
        margin = min(max(Self.leastMargin, 0x1p-22 * Double(expectedBatchSize)), 0.5)
    }

    /// The factor, in [0, 1], for a unit with ‖g‖² = `squaredNorm` over all trainable parameters.
    public func factor(squaredNorm: Double) -> Float {
        if let factor = seam.factor(squaredNorm, maxGradNorm) { return factor }
        guard squaredNorm.isFinite, squaredNorm >= 0 else { return 0 }
        guard let maxGradNorm else { return 1 }
        let bound = maxGradNorm * (1 - margin)
        let norm = squaredNorm.squareRoot()
        guard norm > bound else { return 1 }
        let factor = Float(bound / norm)
        return factor.isNormal ? factor : 0
    }

    /// The factors for several units, [units].
    public func factors(squaredNorms: [Double]) -> [Float] {
        squaredNorms.map { factor(squaredNorm: $0) }
    }
}
