/// Families of models whose files are read and written; the value of "model_type".
public enum ModelFamily: String, Sendable, CaseIterable {
    case gpt2, llama, qwen2, qwen3

    /// What messages call it.
    public var title: String {
        switch self {
        case .gpt2: "GPT-2"
        case .llama: "Llama"
        case .qwen2: "Qwen2"
        case .qwen3: "Qwen3"
        }
    }

    /// How the family's files map onto a decoder.
    var description: any FamilyDescription {
        switch self {
        case .gpt2: GPT2Family()
        case .llama: LlamaFamily()
        case .qwen2: Qwen2Family()
        case .qwen3: Qwen3Family()
        }
    }
}

/// How the files of a family of models map onto a decoder described by its parts.
protocol FamilyDescription: Sendable {
    /// What "architectures" may name; a file that is written names the first.
    var architectures: [String] { get }

    /// The decoder of a `config.json`.
    func configuration(
        _ settings: ModelSettings
    ) throws(DecoderConfigurationError) -> DecoderConfiguration

    /// The members of a `config.json`, without those that all families have; values are JSON.
    func settings(of configuration: DecoderConfiguration) -> [(key: String, value: String)]

    /// The tensors of a file of weights, without a tied head.
    func tensors(of configuration: DecoderConfiguration) -> [StoredTensor]
}

/// A tensor of a file of weights, and the parameter that it is a part of.
package struct StoredTensor: Sendable, Equatable {
    /// The name that transformers gives it.
    package let name: String
    /// Its shape in the file.
    package let shape: [Int]
    /// The name of the parameter.
    package let parameter: String
    /// The first of the parameter's columns that it holds; a vector is one row.
    package let firstColumn: Int
    /// Whether its rows are columns of the parameter.
    package let isTransposed: Bool

    /// A tensor that is a whole parameter, stored as it is.
    init(_ name: String, _ shape: [Int], parameter: String) {
        self.init(name, shape, parameter: parameter, firstColumn: 0, isTransposed: false)
    }

    /// A tensor that holds columns of a parameter from `firstColumn` on.
    init(
        _ name: String,
        _ shape: [Int],
        parameter: String,
        firstColumn: Int,
        isTransposed: Bool
    ) {
        self.name = name
        self.shape = shape
        self.parameter = parameter
        self.firstColumn = firstColumn
        self.isTransposed = isTransposed
    }

    /// How many values it has.
    package var count: Int { shape.reduce(1, *) }
}

extension DecoderConfiguration {
    /// The tensors of a file of weights under transformers' names, in the order of the parameters.
    ///
    /// Each parameter's columns are complete. A tied head is not among them.
    package var storedTensors: [StoredTensor] { family.description.tensors(of: self) }

    /// The name of the output head in a file.
    package static let headName = "lm_head.weight"
}
