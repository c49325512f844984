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
/// - `BoundedCounts` go in and are used up; Δ is what they carry.
public struct NoisyHistogram: Equatable, Sendable {
    /// Standard deviation of the noise in units of the sensitivity; 0 releases exact totals.
    public let noiseMultiplier: Double

    /// States a histogram; `noiseMultiplier` is finite and at least 0.
    public init(noiseMultiplier: Double) {
        precondition(
            noiseMultiplier >= 0 && noiseMultiplier < .infinity,
            "noiseMultiplier is \(noiseMultiplier); it must be finite and at least 0"
        )
        self.noiseMultiplier = noiseMultiplier
    }

    /// What one release costs.
    public var event: PrivacyEvent { Self.event(noiseMultiplier: noiseMultiplier) }

    /// What a release with that noise costs: everything, if it is none.
    package static func event(noiseMultiplier: Double) -> PrivacyEvent {
        noiseMultiplier > 0 ? .gaussian(noiseMultiplier: noiseMultiplier) : .nonPrivate
    }

    /// The noised totals, [bins]; counts and reservation are used up.
    ///
    /// - Parameters:
    ///   - counts: In the public order of the bins. Private.
    ///   - reservation: Proof that the release is in the ledger.
    /// - Returns: One number for each bin.
    public func release(
        _ counts: consuming BoundedCounts,
        for reservation: consuming Reservation
    ) -> [Double] {
        let sensitivity = Double(counts.sensitivity)
        let deviation = noiseMultiplier * sensitivity
        let totals = counts.totals()
        guard deviation > 0 else { return totals }
        let blocks = (totals.count + 1) / 2
        let bytes = reservation.key.stream(for: .noise).bytes(fromBlock: 0, count: blocks)
        var normals = [Double](repeating: 0, count: totals.count)
        GaussianNoise.fill(&normals, from: bytes.bytes)
        let grid = GaussianMechanism.gridStep(deviation: deviation)
        let released = zip(totals, normals).map { total, normal in
            ((total + deviation * normal) / grid).rounded() * grid
        }
        return TestSeam.exchange(input: totals, output: released, sensitivity: sensitivity)
            ?? released
    }
}
