import CVectorMath

/// The exact form of the Gaussian error linear unit, as BERT uses it.
///
///     gelu(x) = x·Φ(x) = ½x·(1 + erf(x/√2))            Hendrycks and Gimpel 2016, arXiv:1606.08415
package enum ExactGELU {
    /// Replaces every element of a contiguous matrix.
    package static func apply(_ values: Matrix) {
        precondition(values.isContiguous)
        unsafe vector_math_exact_gelu(values.base, values.range.count)
    }
}
