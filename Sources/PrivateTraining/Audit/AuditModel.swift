import Autograd
import DifferentialPrivacy
import Kernels
import LanguageModel
import Training

/// What the steps of a scenario train, and how they are run.
struct AuditModel: Sendable {
    /// A record that predicts each of three tokens once.
    static let cancellingRecord: [Int32] = [2, 7, 5, 2]

    private static let finitePlaces = 5

    let parameters: DecoderParameters
    let adapters: DecoderAdapters?
    /// C, far below the length of a gradient: the adapters' gradients are short.
    let maxGradNorm: Double
    let noiseKind: NoiseKind
    let threadCount: Int

    /// The model of a scenario, from fixed random numbers.
    init(for scenario: AuditScenario) {
        // Wide, so that much is added up, where rounding is looked for.
        let configuration = Self.configuration(width: scenario == .regroupedRecords ? 64 : 8)
        parameters = Self.parameters(configuration)
        if scenario == .cancellingRecord { Self.makeGradientsCancel(parameters) }
        adapters =
            switch scenario {
            case .adapters, .exactNoise: Self.adapters(configuration, size: 0.5)
            case .regroupedRecords: Self.adapters(configuration, size: 5)
            default: nil
            }
        maxGradNorm = adapters == nil ? 1 : 0x1p-10
        noiseKind = scenario == .exactNoise ? .discreteGaussian : .gaussian
        // One thread where nothing else is audited: the audit runs many steps side by side.
        threadCount = scenario == .severalThreads ? 3 : 1
    }

    /// Fresh moments around the model, which a step that only releases does not change.
    var state: TrainingState {
        TrainingState(
            parameters: parameters,
            adapters: adapters,
            trainable: .all,
            settings: AdamWSettings()
        )
    }

    private static func configuration(width: Int) -> DecoderConfiguration {
        DecoderConfiguration(
            vocabularySize: 12,
            contextLength: 8,
            width: width,
            layerCount: 1,
            headCount: 1
        )
    }

    private static func parameters(_ configuration: DecoderConfiguration) -> DecoderParameters {
        var generator = BenchmarkRandomness.generator()
        let parameters = DecoderParameters(initializing: configuration, using: &generator)
        if let places = parameters.layout["wpe.weight"] {
            let start = places.offset + finitePlaces * configuration.width
            parameters.values.fill(start..<places.range.upperBound, with: .infinity)
        }
        return parameters
    }

    /// Makes the head's input the same huge vector everywhere, and the prediction uniform over the three
    /// tokens of `cancellingRecord`.
    ///
    /// The gradient of the head is (Σ_t (softmax − onehot_t))·hᵀ: each of the three summands is 3.1·10⁷
    /// long, and the sum of what is left of them when they are rounded 0.97, just below C. In single
    /// precision the sum that is added is 1.35 long.
    private static func makeGradientsCancel(_ parameters: DecoderParameters) {
        let size: Float = 37_583_740
        let layout = parameters.layout
        guard let scale = layout["ln_f.weight"], let shift = layout["ln_f.bias"],
            let table = layout["wte.weight"]
        else { return }
        parameters.values.fill(scale.range, with: 0)
        parameters.values.fill(shift.range, with: 0)
        parameters.values[shift.offset] = size
        parameters.values.fill(table.range, with: 0)
        let shape = parameters.configuration
        for token in 0..<shape.vocabularySize where !cancellingRecord.contains(Int32(token)) {
            parameters.values[table.offset + token * shape.width] = -200 / size
        }
    }

    private static func adapters(
        _ configuration: DecoderConfiguration,
        size: Float
    ) -> DecoderAdapters {
        var generator = BenchmarkRandomness.generator(lane: 1)
        let adapters = DecoderAdapters(zeros: configuration, rank: 4)
        for index in 0..<adapters.layout.count {
            adapters.values[index] = Float.random(in: -size...size, using: &generator)
        }
        return adapters
    }
}
