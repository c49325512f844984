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
    /// A record whose gradient is a thousandth of a millionth of what it is the sum of.
    case cancellingRecord = "a record whose gradient cancels"
    /// A record more, where low-rank adapters are trained instead of the model.
    case adapters = "one more record, with adapters"
    /// A record without a gradient that moves the others to other places of their micro-batches; rows
    /// are multiplied by large adapters, which magnifies every rounding.
    case regroupedRecords = "records in other micro-batches, with large adapters"
    /// A record in an otherwise empty corpus, with adapters, under discrete Gaussian noise.
    case exactNoise = "the only record, with adapters and exact noise"
    /// A record more, in steps that several threads share.
    case severalThreads = "one more record, on several threads"
    /// A record more among others, for the label probe's step.
    case labelProbeRecord = "one more record for the label probe"
    /// A user with several equal records, for the label probe's step.
    case labelProbeUser = "a user with several records for the label probe"

    /// How many records the canary of a label probe has; nil where training is audited.
    var labelProbeCanary: Int? {
        switch self {
        case .labelProbeRecord: 1
        case .labelProbeUser: 3
        default: nil
        }
    }

    /// The corpus of training without the canary, or with it.
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
        case .onlyRecord, .exactNoise, .cancellingRecord, .labelProbeRecord, .labelProbeUser: []
        case .oneMoreRecord, .userWithRecords, .nonFiniteRecord, .adapters, .severalThreads:
            Array(repeating: [[1, 4, 1, 4]], count: 5)
        case .regroupedRecords:
            [[[1, 4, 1, 4]], [[3, 9]], [[6, 0, 6, 8, 11]], [[1, 4, 5]], [[10, 3, 3, 1]]]
        }
    }

    private var canary: [[Int32]] {
        switch self {
        case .oneMoreRecord, .onlyRecord, .adapters, .exactNoise, .severalThreads,
            .labelProbeRecord, .labelProbeUser:
            [[2, 7, 2, 7]]
        case .userWithRecords: Array(repeating: [2, 7, 2, 7], count: 3)
        case .nonFiniteRecord, .regroupedRecords: [[2, 7, 2, 7, 2, 7, 2, 7]]
        case .cancellingRecord: [AuditModel.cancellingRecord]
        }
    }
}
