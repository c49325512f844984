import CVectorMath

/// One AdamW step over a range of flat parameters (Loshchilov & Hutter 2019, arXiv:1711.05101).
///
///     m ← β₁m + (1−β₁)g        v ← β₂v + (1−β₂)g²
///     θ ← θ − η·(m̂ / (√max(v̂ − noiseVariance, floor) + ε) + λθ)
package struct AdamWUpdate: Sendable {
    /// η, the learning rate of this step.
    package var learningRate: Double
    /// β₁ and β₂.
    package var beta1: Double, beta2: Double
    /// ε, added to the root of the second moment.
    package var epsilon: Double
    /// λ, decoupled: parameters shrink by η·λ a step.
    package var weightDecay: Double
    /// The step's number, from 1, for the bias corrections.
    package var step: Int
    /// Variance that noise adds to each gradient element, taken out of v̂; 0 leaves v̂ alone.
    package var noiseVariance: Double
    /// What remains of v̂ at least.
    package var varianceFloor: Double
    /// Scales the gradient first: 1, or less to bound its norm.
    package var gradientScale: Double

    /// States a step.
    package init(
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        step: Int, noiseVariance: Double = 0, varianceFloor: Double = 0, gradientScale: Double = 1
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.step = step
        self.noiseVariance = noiseVariance
        self.varianceFloor = varianceFloor
        self.gradientScale = gradientScale
    }

    /// Updates elements `range` of parameters and moments; the gradient may be scaled in place.
    package func callAsFunction(
        gradient: FloatBuffer, firstMoment: FloatBuffer, secondMoment: FloatBuffer,
        parameters: FloatBuffer, range: Range<Int>
    ) {
        for buffer in [gradient, firstMoment, secondMoment, parameters] {
            precondition(
                range.lowerBound >= 0 && range.upperBound <= buffer.count,
                "\(range) outside 0..<\(buffer.count)")
        }
        let start = range.lowerBound
        if gradientScale != 1 {
            unsafe vector_math_scale(Float(gradientScale), gradient.base + start, range.count)
        }
        var settings = vector_math_adamw(
            learning_rate: Float(learningRate), beta1: Float(beta1), beta2: Float(beta2),
            epsilon: Float(epsilon), weight_decay: Float(weightDecay),
            first_correction: Float(1 / (1 - power(beta1))),
            second_correction: Float(1 / (1 - power(beta2))),
            noise_variance: Float(noiseVariance), variance_floor: Float(varianceFloor))
        unsafe vector_math_adamw_step(
            &settings, gradient.base + start, firstMoment.base + start,
            secondMoment.base + start, parameters.base + start, range.count)
    }

    /// `base` to the power of the step, by repeated squaring.
    private func power(_ base: Double) -> Double {
        var (result, factor, exponent) = (1.0, base, step)
        while exponent > 0 {
            if exponent & 1 == 1 { result *= factor }
            factor *= factor
            exponent >>= 1
        }
        return result
    }
}
