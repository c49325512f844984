import CVectorMath

/// One AdamW step over flat memory (Loshchilov and Hutter 2019, arXiv:1711.05101).
///
///     m = β₁m + (1 − β₁)g,  v = β₂v + (1 − β₂)g²
///     θ −= η·(m̂/(√v̂ + ε) + λθ)
package struct AdamWUpdate: Sendable {
    /// η, the size of a step.
    package var learningRate: Float
    /// Decay of the first moment, in [0, 1).
    package var beta1: Float = 0.9
    /// Decay of the second moment, in [0, 1).
    package var beta2: Float = 0.999
    /// Added to the denominator.
    package var epsilon: Float = 1e-8
    /// λ, decoupled from the gradient.
    package var weightDecay: Float = 0

    /// Creates the settings of a step; the others have Adam's customary values.
    package init(learningRate: Float) {
        self.learningRate = learningRate
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
            precondition(
                range.lowerBound >= 0 && range.upperBound <= buffer.count,
                "\(range) outside 0..<\(buffer.count)"
            )
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
