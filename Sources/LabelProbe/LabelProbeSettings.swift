/// How a label probe is trained, apart from its privacy plan: public constants, fixed beforehand.
///
/// The defaults are measured, see `experiments/label-probe`.
package struct LabelProbeSettings: Codable, Sendable, Equatable {
    /// How many directions of the features are kept.
    package var directions = 100
    /// p: 0 keeps the variances of directions as they are, 1 makes them equal.
    package var power = 0.75
    /// c, the constant input, where other inputs have a root mean square length of 1.
    package var constant = 1.0
    /// Step length of gradient descent.
    package var learningRate = 2.0
    /// The share of the last step's velocity that is kept.
    package var momentum = 0.9
    /// Texts drawn from the final model to whiten by.
    package var syntheticTexts = 2_000

    private enum CodingKeys: String, CodingKey {
        case directions, power, constant, momentum
        case learningRate = "learning_rate"
        case syntheticTexts = "synthetic_texts"
    }

    /// The defaults.
    package init() {}

    /// T where nothing is said.
    package static let steps = 200
}
