import CVectorMath

/// The tanh form of the Gaussian error linear unit, as GPT-2 uses it.
///
///     gelu(x) = x·σ(2u),  u = √(2/π)·(x + 0.044715·x³)        Hendrycks and Gimpel 2016
package enum GELU {
    /// output = gelu(input), elementwise.
    package static func forward(_ input: Matrix, into output: Matrix) {
        input.requireShape(of: output)
        precondition(input.isContiguous && output.isContiguous)
        unsafe vector_math_gelu(input.base, output.base, input.range.count)
    }

    /// Overwrites the inputs with their gradients: outputGradient ⊙ gelu′(input).
    package static func backward(_ input: Matrix, outputGradient: Matrix) {
        input.requireShape(of: outputGradient)
        precondition(input.isContiguous && outputGradient.isContiguous)
        unsafe vector_math_gelu_backward(input.base, outputGradient.base, input.range.count)
    }
}
