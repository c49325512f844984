package import Autograd
import Foundation
package import Kernels
package import LanguageModel

/// The constants of AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101).
public struct AdamWSettings: Codable, Sendable, Equatable {
    /// Decay of the first moment, in [0, 1).
    public var beta1: Double
    /// Decay of the second moment, in [0, 1).
    public var beta2: Double
    /// Added to the root of the second moment.
    public var epsilon: Double
    /// Decoupled weight decay per unit of learning rate.
    public var weightDecay: Double
    /// Gradients with a larger L2 norm are scaled down to it; nil leaves them alone.
    public var maxUpdateNorm: Double?

    private enum CodingKeys: String, CodingKey {
        case beta1, beta2, epsilon
        case weightDecay = "weight_decay"
        case maxUpdateNorm = "max_update_norm"
    }

    /// Creates the constants; the defaults suit DP-SGD, where decay only adds bias.
    public init(
        beta1: Double = 0.9,
        beta2: Double = 0.99,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0,
        maxUpdateNorm: Double? = nil
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.maxUpdateNorm = maxUpdateNorm
    }

    /// For training on a public corpus: weight decay, and gradients of a norm above 1 scaled down to it.
    package static let pretraining = AdamWSettings(beta2: 0.98, weightDecay: 0.1, maxUpdateNorm: 1)

    /// For the few steps by which a metric trains a model.
    package static let metricTraining = AdamWSettings(beta2: 0.98, maxUpdateNorm: 1)
}

/// A gradient that an optimizer may follow.
///
/// Private training has one type of it, `PrivatizedGradient`, which `GaussianMechanism` alone makes.
/// Public training has its own, which private training cannot name: it does not import that target.
package protocol DescentDirection: ~Copyable {
    /// One value for each element of the layout, [layout.count]. The optimizer may scale them.
    var values: FloatBuffer { get }
}

/// AdamW on flat parameters (Loshchilov & Hutter 2019, arXiv:1711.05101, Algorithm 2).
///
/// Its moments are functions of the gradients that it was given: from released gradients come moments
/// that are differentially private too. Elements outside the trainable parameters never change,
/// whatever noise their coordinates got.
package final class AdamW {
    /// The decayed mean of the gradients, [layout.count].
    package let firstMoment: FloatBuffer
    /// The decayed mean of their squares, [layout.count].
    package let secondMoment: FloatBuffer
    /// Updates made so far.
    package private(set) var step: Int
    private let settings: AdamWSettings
    /// The trainable elements in pieces of work.
    private let pieces: [Range<Int>]

    private static let pieceLength = 1 << 16

    /// Starts with zero moments.
    package convenience init(
        layout: ParameterLayout,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) {
        let moments = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        self.init(
            layout: layout,
            trainable: trainable,
            settings: settings,
            moments: moments,
            step: 0
        )
    }

    /// Continues with moments from a checkpoint.
    package init(
        layout: ParameterLayout,
        trainable: TrainableSelection,
        settings: AdamWSettings,
        moments: (first: FloatBuffer, second: FloatBuffer),
        step: Int
    ) {
        firstMoment = moments.first
        secondMoment = moments.second
        self.step = step
        self.settings = settings
        pieces = layout.entries.filter { trainable.contains($0.name) }
            .flatMap { $0.pieces(of: Self.pieceLength) }
    }

    /// Descends one step.
    ///
    /// With `settings.maxUpdateNorm` the gradient is scaled down to that norm first. Of a released
    /// gradient that is post-processing.
    package func update<Gradient: DescentDirection & ~Copyable>(
        _ parameters: FloatBuffer,
        with gradient: borrowing Gradient,
        learningRate: Double,
        parallel: ParallelFor
    ) {
        step += 1
        let values = gradient.values
        let scale = scale(of: values)
        let update = AdamWUpdate(
            learningRate: learningRate,
            beta1: settings.beta1,
            beta2: settings.beta2,
            epsilon: settings.epsilon,
            weightDecay: settings.weightDecay
        )
        parallel(pieces.count) { [update, step, firstMoment, secondMoment, pieces] piece, _ in
            let range = pieces[piece]
            if scale != 1 {
                Matrix(values, offset: range.lowerBound, rows: 1, columns: range.count)
                    .scale(by: Float(scale))
            }
            update.apply(
                step: step,
                gradient: values,
                firstMoment: firstMoment,
                secondMoment: secondMoment,
                parameters: parameters,
                in: range
            )
        }
    }

    private func scale(of gradient: FloatBuffer) -> Double {
        guard let bound = settings.maxUpdateNorm else { return 1 }
        let norm = norm(of: gradient)
        return norm > bound ? bound / norm : 1
    }

    /// The L2 norm of a gradient over the trainable elements.
    package func norm(of gradient: FloatBuffer) -> Double {
        let squares = pieces.map {
            Matrix(gradient, offset: $0.lowerBound, rows: 1, columns: $0.count).squaredNorm
        }
        return squares.reduce(0, +).squareRoot()
    }
}

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
