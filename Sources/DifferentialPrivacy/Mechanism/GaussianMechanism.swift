import FoundationEssentials
public import Kernels

/// Adds the noise that makes a gradient sum differentially private, once per logical step.
///
///     g̃ = (Σᵢ clip(gᵢ) + N(0, σ²·Δ²)) / B              Abadi et al. 2016, arXiv:1607.00133, Alg. 1
///
/// - Δ is asked from the sum (`sensitivity(for:)`); B is the public *expected* batch size.
/// - An empty batch (a sum of zeros) is noised like any other.
/// - The noise of coordinate i depends on the step's key and on i alone: it is the same bits for
///   every number of threads and micro-batches.
/// - The noised sum is rounded to a grid before it is released, see `gridStep`.
/// - With `.discreteGaussian`, the sum is rounded first and the noise is sampled exactly.
/// - σ = 0 (a plan with ε = ∞) adds nothing and only divides.
public struct GaussianMechanism: Sendable {
    /// Standard deviation of the noise in units of the sensitivity, σ ≥ 0.
    public let noiseMultiplier: Double
    /// B, the public expected batch size.
    public let expectedBatchSize: Int
    /// The relation that the sensitivity is asked for.
    public let relation: NeighboringRelation

    /// Which distribution the noise has.
    public let kind: NoiseKind

    /// Coordinates noised as one piece of work; even, as normals come in pairs.
    static let pieceLength = 8192

    init(
        noiseMultiplier: Double,
        expectedBatchSize: Int,
        relation: NeighboringRelation,
        kind: NoiseKind = .gaussian
    ) {
        precondition(noiseMultiplier >= 0 && noiseMultiplier < .infinity)
        precondition(expectedBatchSize > 0)
        self.noiseMultiplier = noiseMultiplier
        self.expectedBatchSize = expectedBatchSize
        self.relation = relation
        self.kind = kind
    }

    /// The grid that noised sums of standard deviation `deviation` are rounded to.
    ///
    /// The largest power of two that is at most deviation·2⁻²². What is released is a function of the
    /// multiple alone, so low bits of the sum, which differ between neighbouring corpora, are gone
    /// (Haney et al. 2022, arXiv:2207.13793). It adds 5e-15 of the noise's variance.
    static func gridStep(deviation: Double) -> Double {
        Double(sign: .plus, exponent: deviation.exponent - 22, significand: 1)
    }

    /// Noises and divides the sum of the reserved step; sum and reservation are used up.
    ///
    /// - Parameters:
    ///   - sum: The units' clipped gradients. Private.
    ///   - reservation: Proof that the step is in the ledger.
    ///   - parallel: The threads to use; the result does not depend on them.
    /// - Returns: The released gradient, in the sum's memory.
    public func privatize(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation,
        parallel: ParallelFor
    ) -> PrivatizedGradient {
        let mechanism = sum.clippingFactors.seam.mechanism(self)
        let (key, sensitivity) = (reservation.key, sum.sensitivity(for: relation))
        return TestSeam.release(sum, sensitivity: sensitivity) {
            (sum: consuming ClippedGradientSum) in
            mechanism.release(sum, for: key, parallel: parallel)
        }
    }

    private func release(
        _ sum: consuming ClippedGradientSum,
        for key: StepKey,
        parallel: ParallelFor
    ) -> PrivatizedGradient {
        let deviation = standardDeviation(sensitivity: sum.sensitivity(for: relation))
        let clippingFactors = sum.clippingFactors
        let buffer = sum.buffer
        switch kind {
        case _ where deviation == 0: divide(buffer, parallel: parallel)
        case .gaussian: addNoise(deviation, key: key, to: buffer, parallel: parallel)
        case .discreteGaussian:
            addDiscreteNoise(deviation, key: key, to: buffer, parallel: parallel)
        }
        return PrivatizedGradient(noised: buffer, clippingFactors: clippingFactors)
    }

    /// σ·Δ; 0 without noise, where Δ may be infinite.
    private func standardDeviation(sensitivity: Double) -> Double {
        guard noiseMultiplier > 0 else { return 0 }
        precondition(sensitivity < .infinity, "noise needs a bounded sensitivity")
        return noiseMultiplier * sensitivity
    }

    private func addNoise(
        _ deviation: Double,
        key: StepKey,
        to buffer: FloatBuffer,
        parallel: ParallelFor
    ) {
        let stream = key.stream(for: .noise)
        let words = min(Self.pieceLength, (buffer.count + 1) / 2 * 2)
        let zeros = [UInt8](repeating: 0, count: 8 * words)
        let grid = Self.gridStep(deviation: deviation)
        forEachPiece(of: buffer, parallel) { range in
            let block = UInt64(range.lowerBound / KeyStream.wordsPerBlock)
            let bytes = stream.bytes(fromBlock: block, masking: zeros)
            GaussianNoise.release(
                bytes.bytes,
                scale: deviation,
                grid: grid,
                divisor: Double(expectedBatchSize),
                in: buffer,
                range: range
            )
        }
    }

    private func divide(_ buffer: FloatBuffer, parallel: ParallelFor) {
        let factor = 1 / Double(expectedBatchSize)
        forEachPiece(of: buffer, parallel) { range in
            buffer.withMutableSpan(range) { span in
                for index in span.indices { span[index] = Float(Double(span[index]) * factor) }
            }
        }
    }

    func forEachPiece(
        of buffer: FloatBuffer,
        _ parallel: ParallelFor,
        _ body: @Sendable (Range<Int>) -> Void
    ) {
        let count = (buffer.count + Self.pieceLength - 1) / Self.pieceLength
        parallel(count) { piece, _ in
            let start = piece * Self.pieceLength
            body(start..<min(start + Self.pieceLength, buffer.count))
        }
    }
}

/// Which distribution the noise of a step has.
public enum NoiseKind: String, Codable, Sendable, CaseIterable {
    /// Gaussian in double precision from 53-bit uniforms, rounded to a grid with the sum.
    case gaussian
    /// The discrete Gaussian, sampled exactly on the integers, of a sum rounded to the grid first.
    ///
    /// Nothing in it is approximated, so no attack on floating-point noise applies; `--exact-noise`.
    case discreteGaussian = "discrete_gaussian"
}
