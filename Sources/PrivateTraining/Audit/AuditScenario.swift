import Autograd
import Kernels
import LanguageModel

/// Two neighbouring corpora for a tiny model, chosen so that defects show.
///
/// The model's gradients are far longer than C, so every unit is clipped to exactly the bound. Its
/// position embedding is infinite from the sixth place on: a longer record has no finite gradient.
package enum AuditScenario: String, CaseIterable, Sendable {
    /// A record more among others that point elsewhere, in several micro-batches.
    case oneMoreRecord = "one more record"
    /// A record in an otherwise empty corpus.
    case onlyRecord = "the only record"
    /// A user with several equal records.
    case userWithRecords = "a user with several records"
    /// A record whose gradient is not finite.
    case nonFiniteRecord = "a record with a non-finite gradient"

    private static let finitePlaces = 5

    /// The shape of the model.
    static let configuration = GPT2Configuration(
        vocabularySize: 12,
        contextLength: 8,
        width: 8,
        layerCount: 1,
        headCount: 1
    )

    /// The model, from fixed random numbers.
    static func makeModel() -> GPT2Parameters {
        var generator = BenchmarkRandomness.generator()
        let parameters = GPT2Parameters(initializing: configuration, using: &generator)
        if let places = parameters.layout["wpe.weight"] {
            let start = places.offset + finitePlaces * configuration.width
            parameters.values.fill(start..<places.range.upperBound, with: .infinity)
        }
        return parameters
    }

    /// The corpus without the canary, or with it.
    func corpus(withCanary: Bool) -> PrivateCorpus {
        let units = (withCanary ? [canary] : []) + others
        return PrivateCorpus(
            units: units.map { $0.map { TokenBatch.Sequence(tokens: $0) } },
            recordCount: units.count,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: 2
        )
    }

    private var others: [[[Int32]]] {
        switch self {
        case .onlyRecord: []
        case .oneMoreRecord, .userWithRecords, .nonFiniteRecord:
            Array(repeating: [[1, 4, 1, 4]], count: 5)
        }
    }

    private var canary: [[Int32]] {
        switch self {
        case .oneMoreRecord, .onlyRecord: [[2, 7, 2, 7]]
        case .userWithRecords: Array(repeating: [2, 7, 2, 7], count: 3)
        case .nonFiniteRecord: [[2, 7, 2, 7, 2, 7, 2, 7]]
        }
    }
}
