/// Gradient descent of T steps on the whole corpus, each a Gaussian release: what trains a label probe.
///
///     g̃ₜ = (Σᵢ clip(gᵢ) + N(0, σ²·C²)) / N,   t = 1 … T
///
/// Every unit takes part in every step: there is no sampler, and nothing is amplified. T Gaussians of
/// multiplier σ are together exactly one of σ/√T (Dong, Roth, Su 2022, arXiv:1905.02383, Cor. 3.3).
/// N, a public constant, divides the noised sums; it plays no part in ε.
public struct FullBatchPlan: Codable, Equatable, Sendable {
    /// N, the public number of units.
    public let unitCount: Int
    /// T, at least 1.
    public let steps: Int
    /// σ of one step, in units of the sensitivity; 0 exactly without a budget.
    public let noiseMultiplier: Double
    /// C, the bound on a unit's gradient norm in each step.
    public let maxGradNorm: Double

    /// States a plan.
    ///
    /// - Throws: `PrivacyError.parameter` for values outside their ranges.
    public init(
        unitCount: Int,
        steps: Int,
        noiseMultiplier: Double,
        maxGradNorm: Double
    ) throws(PrivacyError) {
        guard unitCount >= 1 else {
            throw .parameter(.unitCount, value: Double(unitCount), allowed: "at least 1")
        }
        guard steps >= 1 else {
            throw .parameter(.steps, value: Double(steps), allowed: "at least 1")
        }
        guard noiseMultiplier >= 0, noiseMultiplier < .infinity else {
            throw .parameter(
                .noiseMultiplier,
                value: noiseMultiplier,
                allowed: "finite and at least 0"
            )
        }
        guard maxGradNorm >= 1e-9, maxGradNorm <= 1e9 else {
            throw .parameter(.maxGradNorm, value: maxGradNorm, allowed: "between 1e-9 and 1e9")
        }
        self.unitCount = unitCount
        self.steps = steps
        self.noiseMultiplier = noiseMultiplier
        self.maxGradNorm = maxGradNorm
    }

    /// The plan of so many steps that costs ε by itself; without noise for an infinite ε.
    ///
    /// - Throws: `PrivacyError` for an ε that is not positive.
    public init(
        unitCount: Int,
        steps: Int,
        epsilon: Double,
        delta: Double?,
        maxGradNorm: Double = 1
    ) throws(PrivacyError) {
        var noise = 0.0
        if epsilon != .infinity {
            guard let delta else { throw .missingDelta }
            noise = try NoiseCalibration(epsilon: epsilon, delta: delta, accountant: .gaussian)
                .gaussians(count: steps).noiseMultiplier
        }
        try self.init(
            unitCount: unitCount,
            steps: steps,
            noiseMultiplier: noise,
            maxGradNorm: maxGradNorm
        )
    }

    /// What one step costs: everything, if it has no noise.
    public var stepEvent: PrivacyEvent {
        noiseMultiplier > 0 ? .gaussian(noiseMultiplier: noiseMultiplier) : .nonPrivate
    }

    /// What all steps cost.
    public var event: PrivacyEvent { .repeated(stepEvent, count: steps) }

    /// σ/√T: the one Gaussian that all steps together are.
    public var composedNoiseMultiplier: Double { noiseMultiplier / Double(steps).squareRoot() }

    /// Adds the noise of a step, and divides by N.
    public var mechanism: GaussianMechanism {
        GaussianMechanism(
            noiseMultiplier: noiseMultiplier,
            expectedBatchSize: unitCount,
            relation: .addOrRemoveOne
        )
    }

    /// A zero sum of `count` coordinates to start with; later steps recycle it.
    package func makeSum(count: Int) -> ClippedGradientSum {
        let clipping = ClippingFactors(
            maxGradNorm: maxGradNorm,
            expectedBatchSize: unitCount,
            seam: .current
        )
        return ClippedGradientSum(count: count, clippingFactors: clipping)
    }

    private enum CodingKeys: String, CodingKey {
        case steps
        case unitCount = "unit_count"
        case noiseMultiplier = "noise_multiplier"
        case maxGradNorm = "max_grad_norm"
    }

    /// Decodes and validates.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            unitCount: values.decode(Int.self, forKey: .unitCount),
            steps: values.decode(Int.self, forKey: .steps),
            noiseMultiplier: values.decode(Double.self, forKey: .noiseMultiplier),
            maxGradNorm: values.decode(Double.self, forKey: .maxGradNorm)
        )
    }
}
