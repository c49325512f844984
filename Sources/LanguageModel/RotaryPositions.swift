import Foundation

/// How fast queries and keys turn with the position.
///
/// Su et al. 2021, arXiv:2104.09864.
public struct RotaryPositions: Sendable, Equatable {
    /// How the frequencies of a longer context follow from those of the first training.
    public enum Scaling: Sendable, Equatable {
        /// They are the same.
        case none
        /// All are divided by a factor.
        case linear(factor: Double)
        /// Slow ones are divided by a factor, fast ones kept, those between blended; Llama 3.1.
        case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, context: Double)
    }

    /// θ: pair i of a head of width d turns by θ^(−2i/d) a position.
    public var base: Double
    /// How the frequencies are changed.
    public var scaling: Scaling

    /// Joins θ and the scaling.
    public init(base: Double, scaling: Scaling = .none) {
        self.base = base
        self.scaling = scaling
    }

    /// The angle of each pair at position 1, in radians, [headWidth / 2].
    package func frequencies(headWidth: Int) -> [Double] {
        (0..<headWidth / 2).map { index in
            scaled(pow(base, -2 * Double(index) / Double(headWidth)))
        }
    }

    private func scaled(_ frequency: Double) -> Double {
        switch scaling {
        case .none: return frequency
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let context):
            // How often the pair goes round within the first training's context.
            let turns = context * frequency / (2 * .pi)
            if turns < low { return frequency / factor }
            if turns > high { return frequency }
            let share = (turns - low) / (high - low)
            return frequency * ((1 - share) / factor + share)
        }
    }
}
