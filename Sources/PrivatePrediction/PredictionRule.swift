/// How the next token is chosen from what private prompts say.
package enum PredictionRule: String, Codable, CaseIterable, Sendable {
    /// Mean of the prompts' distributions, Gaussian noise, argmax (Tang et al. 2024, Algorithm 1).
    case gaussian
    /// A vote a prompt, Gaussian noise, argmax (Tang et al. 2024, Algorithm 2, with Gaussian noise).
    case noisyMax = "noisy-max"
    /// Public logits plus the mean of clipped differences, drawn (InvisibleInk, arXiv:2507.02974).
    case clippedDifference = "clipped-difference"

    /// Whether every token draws records afresh, so that no context is kept.
    package var samplesEachToken: Bool { self != .clippedDifference }
}
