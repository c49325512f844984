import FoundationEssentials
import Kernels

/// Decides who takes part in a step: each unit joins independently with probability q.
///
/// - Fixed-size or shuffled batches have another, larger ε; this is the only sampler there is.
/// - Whether unit i joins depends on the step's key and on i alone: neither on the other units nor
///   on how many there are.
/// - The size of the batch is private. It may be 0.
public struct PoissonSampler: Sendable {
    /// The probability that a unit joins, in (0, 1].
    public let samplingProbability: Double

    init(samplingProbability: Double) {
        precondition(
            samplingProbability > 0 && samplingProbability <= 1,
            "samplingProbability is \(samplingProbability); it must be in (0, 1]"
        )
        self.samplingProbability = samplingProbability
    }

    /// The units that take part in the reserved step, in ascending order; private.
    ///
    /// Unit i joins if word i of the sampling stream is below ⌊q·2⁶⁴⌋: the true probability is at
    /// most q and at most 2⁻⁶⁴ below it.
    ///
    /// - Parameters:
    ///   - unitCount: How many units the corpus really has; private, and not what q came from.
    ///   - reservation: Proof that the step is in the ledger.
    /// - Returns: Indices in 0..<unitCount.
    public func sample(unitCount: Int, for reservation: borrowing Reservation) -> [Int] {
        sample(unitCount: unitCount, stream: reservation.key.stream(for: .sampling))
    }

    /// The units that `stream` lets join.
    func sample(unitCount: Int, stream: KeyStream) -> [Int] {
        guard samplingProbability < 1 else { return Array(0..<unitCount) }
        let threshold = UInt64(samplingProbability * 0x1p64)
        return sample(unitCount: unitCount, threshold: threshold, stream: stream)
    }

    private func sample(unitCount: Int, threshold: UInt64, stream: KeyStream) -> [Int] {
        let unitsPerPiece = min(8192, (unitCount + 1) / 2 * 2)
        let zeros = [UInt8](repeating: 0, count: unitsPerPiece * 8)
        var chosen: [Int] = []
        guard unitCount > 0 else { return chosen }
        chosen.reserveCapacity(Int(Double(unitCount) * samplingProbability * 1.25) + 64)
        for start in stride(from: 0, to: unitCount, by: unitsPerPiece) {
            let block = UInt64(start / KeyStream.wordsPerBlock)
            UniformWords.appendIndices(
                below: threshold,
                in: stream.bytes(fromBlock: block, masking: zeros).bytes,
                count: min(unitsPerPiece, unitCount - start),
                first: start,
                to: &chosen
            )
        }
        return chosen
    }
}
