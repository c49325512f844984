package import LanguageModel

/// What a checkpoint says about itself.
package struct CheckpointHeader: Equatable, Sendable {
    /// Optimizer steps done.
    package var step: Int
    /// The shape of the model.
    package var configuration: DecoderConfiguration
    /// The trainer's own state as JSON, at most 32 KiB; empty for a model alone.
    package var state: String
    /// The version of dpscribe that wrote the file.
    package var productVersion: String

    /// Creates a header.
    package init(
        step: Int,
        configuration: DecoderConfiguration,
        state: String,
        productVersion: String
    ) {
        self.step = step
        self.configuration = configuration
        self.state = state
        self.productVersion = productVersion
    }
}
