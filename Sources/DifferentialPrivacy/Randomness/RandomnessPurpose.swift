/// What a stream of random numbers is for; streams of different purposes are independent.
public enum RandomnessPurpose: String, Sendable, CaseIterable {
    /// Who takes part in a step.
    case sampling
    /// The noise of a mechanism.
    case noise
    /// Fresh parameters, such as LoRA's.
    case initialization
    /// Dropout masks.
    case dropout
    /// Drawing text.
    case decoding
}
