/// Which distribution the noise of a step has.
public enum NoiseKind: String, Codable, Sendable, CaseIterable {
    /// Gaussian in double precision from 53-bit uniforms, rounded to a grid with the sum.
    case gaussian
    /// The discrete Gaussian, sampled exactly on the integers, of a sum rounded to the grid first.
    ///
    /// Nothing in it is approximated, so no attack on floating-point noise applies; `--exact-noise`.
    case discreteGaussian = "discrete_gaussian"
}
