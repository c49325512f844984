import CVectorMath

/// One AdamW step over flat memory (Loshchilov and Hutter 2019, arXiv:1711.05101).
///
///     m = β₁m + (1 − β₁)g,  v = β₂v + (1 − β₂)g²
///     θ −= η·(m̂/(√v̂ + ε) + λθ)
package struct AdamWUpdate: Sendable {
    private let learningRate: Float
    private let beta1: Float
    private let beta2: Float
    private let epsilon: Float
    private let weightDecay: Float

    /// Creates the settings of a step.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - beta1: β₁, decay of the first moment, in [0, 1).
    ///   - beta2: β₂, decay of the second moment, in [0, 1).
    ///   - epsilon: ε, added to the denominator.
    ///   - weightDecay: λ, decoupled from the gradient.
    package init(
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double,
        weightDecay: Double
    ) {
        self.learningRate = Float(learningRate)
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        self.weightDecay = Float(weightDecay)
    }

    /// Updates moments and parameters in `range` of their buffers.
    ///
    /// `step` counts from 1 and corrects the bias of both moments. Disjoint ranges may be updated
    /// at the same time.
    package func apply(
        step: Int,
        gradient: FloatBuffer,
        firstMoment: FloatBuffer,
        secondMoment: FloatBuffer,
        parameters: FloatBuffer,
        in range: Range<Int>
    ) {
        precondition(step >= 1, "step is \(step); it counts from 1")
        for buffer in [gradient, firstMoment, secondMoment, parameters] {
            buffer.requireInside(range)
        }
        var settings = vector_math_adamw(
            learning_rate: learningRate,
            beta1: beta1,
            beta2: beta2,
            epsilon: epsilon,
            weight_decay: weightDecay,
            first_correction: Self.correction(beta1, step),
            second_correction: Self.correction(beta2, step)
        )
        let start = range.lowerBound
        unsafe vector_math_adamw_step(
            &settings,
            gradient.base + start,
            firstMoment.base + start,
            secondMoment.base + start,
            parameters.base + start,
            range.count
        )
    }

    /// 1/(1 − betaˢᵗᵉᵖ).
    private static func correction(_ beta: Float, _ step: Int) -> Float {
        var power = 1.0
        var base = Double(beta)
        var exponent = step
        while exponent > 0 {
            if exponent % 2 == 1 { power *= base }
            base *= base
            exponent /= 2
        }
        return Float(1 / (1 - power))
    }
}
