/// Why a model gives no token.
package enum GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A logit is NaN or infinite.
    case logitsNotFinite

    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .logitsNotFinite:
            "the model's logits are not finite: its weights are damaged, or too large for single "
                + "precision. Use another model or an earlier checkpoint."
        }
    }
}
