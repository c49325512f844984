import Foundation

/// How the learning rate moves over a training run.
///
/// The schedule is a function of the public step count (or of public time), never of a loss.
public enum LearningRateSchedule: String, Codable, Sendable, CaseIterable {
    /// Linear warm-up, then constant.
    case constant
    /// Linear warm-up, then a cosine from the peak to a tenth of it.
    case cosine
    /// Linear warm-up, then a straight line to zero.
    case linear

    /// The factor on the peak learning rate, in (0, 1].
    ///
    /// - Parameters:
    ///   - progress: The share of the run that is over, in [0, 1).
    ///   - warmup: The share of the run spent warming up, in [0, 1).
    ///   - step: The share of the run that the step to come takes, where the warm-up counts it: the
    ///     first step of a warm-up of n steps then has 1/n of the peak, and the last one all of it.
    ///     Without it the first step has a thousandth, and learns nothing.
    /// - Returns: What the peak learning rate is multiplied by.
    public func factor(progress: Double, warmup: Double, step: Double = 0) -> Double {
        precondition(warmup >= 0 && warmup < 1, "warmup is \(warmup); it must be in [0, 1)")
        if progress < warmup { return min(max((progress + step) / warmup, 1e-3), 1) }
        let remaining = min(max((progress - warmup) / (1 - warmup), 0), 1)
        switch self {
        case .constant: return 1
        case .cosine: return 0.55 + 0.45 * cos(.pi * remaining)
        case .linear: return max(1 - remaining, 1e-3)
        }
    }
}
