import FoundationEssentials
import Kernels

/// Releases one number for each of a public list of bins: label counts, or the votes of Private
/// Evolution.
///
///     released_b = total_b + N(0, σ²·Δ²)            Dwork & Roth 2014, App. A
///
/// - The bins are public and complete: an empty bin is released like any other, or its absence
///   would tell that nobody is in it.
/// - What is released lies on a grid (`gridStep`), may be negative, and is not rounded to counts:
///   that, and thresholds, are post-processing.
/// - The exact totals go in and are not kept.
public struct NoisyHistogram: Equatable, Sendable {
    /// Standard deviation of the noise in units of the sensitivity; 0 releases exact totals.
    public let noiseMultiplier: Double
    /// The most that one unit can move the totals, in L2 norm.
    ///
    /// | histogram                                   | sensitivity |
    /// | each record in one bin                      | 1           |
    /// | each user's records in any bins, at most K  | K           |
    /// | votes scaled to L2 norm 1 a unit            | 1           |
    public let sensitivity: Double

    /// States a histogram.
    ///
    /// - Parameters:
    ///   - noiseMultiplier: Standard deviation of the noise over `sensitivity`, at least 0.
    ///   - sensitivity: For adding or removing one unit; positive.
    public init(noiseMultiplier: Double, sensitivity: Double = 1) {
        precondition(
            noiseMultiplier >= 0 && noiseMultiplier < .infinity,
            "noiseMultiplier is \(noiseMultiplier); it must be finite and at least 0"
        )
        precondition(
            sensitivity > 0 && sensitivity < .infinity,
            "sensitivity is \(sensitivity); it must be positive and finite"
        )
        self.noiseMultiplier = noiseMultiplier
        self.sensitivity = sensitivity
    }

    /// What one release costs.
    public var event: PrivacyEvent { Self.event(noiseMultiplier: noiseMultiplier) }

    /// What a release with that noise costs: everything, if it is none.
    package static func event(noiseMultiplier: Double) -> PrivacyEvent {
        noiseMultiplier > 0 ? .gaussian(noiseMultiplier: noiseMultiplier) : .nonPrivate
    }

    /// The noised totals, [bins]; the reservation is used up.
    ///
    /// - Parameters:
    ///   - totals: One for each bin, in the public order of the bins. Private.
    ///   - reservation: Proof that the release is in the ledger.
    /// - Returns: One number for each bin.
    public func release(
        _ totals: [Double],
        for reservation: consuming Reservation
    ) -> [Double] {
        let deviation = noiseMultiplier * sensitivity
        guard deviation > 0 else { return totals }
        let blocks = (totals.count + 1) / 2
        let bytes = reservation.key.stream(for: .noise).bytes(fromBlock: 0, count: blocks)
        var normals = [Double](repeating: 0, count: totals.count)
        GaussianNoise.fill(&normals, from: bytes.bytes)
        let grid = GaussianMechanism.gridStep(deviation: deviation)
        let released = zip(totals, normals).map { total, normal in
            ((total + deviation * normal) / grid).rounded() * grid
        }
        #if DEBUG
        if let replay = MechanismReplay.current {
            return replay.exchange(input: totals, output: released, sensitivity: sensitivity)
        }
        #endif
        return released
    }
}
