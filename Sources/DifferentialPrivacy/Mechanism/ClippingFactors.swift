/// Turns squared gradient norms into the factors that bound each unit's contribution.
///
///     factor = min(1, C·(1 − 2⁻¹⁰) / ‖g‖₂)            Abadi et al. 2016, arXiv:1607.00133, Alg. 1
///
/// - The true norm of a scaled gradient is below the declared C by a margin of 2⁻¹⁰, which takes up
///   the rounding of norms, products and sums in single precision, in whatever order they are added.
/// - A factor of exactly 0 means: leave the unit out. Do not multiply by it, as 0 · NaN is NaN.
///
/// | squared norm                | factor      |
/// | 0, and up to the bound      | 1           |
/// | above the bound             | bound / norm|
/// | so large that the factor is subnormal | 0 |
/// | ∞, NaN, negative            | 0           |
public struct ClippingFactors: Sendable, Equatable {
    /// The share of `maxGradNorm` kept free for rounding.
    public static let margin = 0x1p-10

    /// The bound C that sensitivity is computed from; nil where nothing is clipped.
    public let maxGradNorm: Double?
    #if DEBUG
    /// The defect of a planted fault, if there is one.
    var fault: PlantedFault?
    #endif

    /// Clips to a positive, finite bound; with nil only non-finite gradients are left out.
    public init(maxGradNorm: Double?) {
        if let maxGradNorm {
            precondition(
                maxGradNorm > 0 && maxGradNorm < .infinity,
                "maxGradNorm is \(maxGradNorm); it must be positive and finite"
            )
        }
        self.maxGradNorm = maxGradNorm
    }

    /// The factor, in [0, 1], for a unit with ‖g‖² = `squaredNorm` over all trainable parameters.
    public func factor(squaredNorm: Double) -> Float {
        #if DEBUG
        if let factor = fault?.factor(squaredNorm, maxGradNorm) { return factor }
        #endif
        guard squaredNorm.isFinite, squaredNorm >= 0 else { return 0 }
        guard let maxGradNorm else { return 1 }
        let bound = maxGradNorm * (1 - Self.margin)
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
