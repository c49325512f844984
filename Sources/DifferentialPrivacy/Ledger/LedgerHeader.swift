/// The first entry of a ledger: whose data, under which promise.
public struct LedgerHeader: Codable, Equatable, Sendable {
    /// The form of the entries that follow; this product reads and writes 1.
    public static let currentSchema = 1

    /// The form of the entries.
    public let schema: Int
    /// Name and version of the product that wrote it.
    public let product: String
    /// How the corpus is used.
    public let method: RunMethod
    /// The run, 32 hexadecimal digits.
    public let runIdentifier: String
    /// Which corpus, under the key of the folder around the run.
    public let corpus: CorpusFingerprint
    /// The corpus' records, under the same key; nil in ledgers from before they were remembered.
    public let texts: SealedSketch?
    /// True if the randomness follows from a seed: NOT PRIVATE.
    public let isInsecure: Bool
    /// What is protected.
    public let unit: PrivacyUnit
    /// Which corpora are neighbours.
    public let relation: NeighboringRelation
    /// The target.
    public let budget: PrivacyBudget
    /// All that the run intends to release.
    public let planned: [PlannedSpending]
    /// SHA-256 of the file that says what else was fixed beforehand, `run.json` or
    /// `evolution.json`; nil in ledgers from before it was recorded.
    public let description: ContentDigest?

    /// States a header for a run that has not begun.
    ///
    /// - Parameters:
    ///   - product: Name and version of this product.
    ///   - method: How the corpus is used.
    ///   - runIdentifier: 32 hexadecimal digits.
    ///   - corpus: Under the key of the folder around the run.
    ///   - texts: The corpus' records, under the same key.
    ///   - isInsecure: Whether the randomness follows from a seed.
    ///   - promise: What is promised to whom.
    ///   - description: The bytes of the file that says what else was fixed beforehand.
    public init(
        product: String,
        method: RunMethod,
        runIdentifier: String,
        corpus: CorpusFingerprint,
        texts: SealedSketch? = nil,
        isInsecure: Bool,
        promise: LedgerPromise,
        description: [UInt8]? = nil
    ) {
        schema = Self.currentSchema
        self.product = product
        self.method = method
        self.runIdentifier = runIdentifier
        self.corpus = corpus
        self.texts = texts
        self.isInsecure = isInsecure
        unit = promise.unit
        relation = promise.relation
        budget = promise.budget
        planned = promise.planned
        self.description = description.map(ContentDigest.init(ofContents:))
    }

    /// False if nothing is promised, as there is no target or the randomness follows from a seed.
    ///
    /// All artefacts of such a run are marked NOT PRIVATE.
    public var isPrivate: Bool { budget != .unlimited && !isInsecure }

    /// What all that is planned costs together.
    public var plannedEvent: PrivacyEvent {
        .composed(planned.map { .repeated($0.event, count: $0.count) })
    }

    private enum CodingKeys: String, CodingKey {
        case schema, product, method, corpus, texts, unit, relation, budget, planned
        case runIdentifier = "run"
        case isInsecure = "insecure_seed"
        case description = "description_sha256"
    }
}

/// The part of a header that states what is promised.
public struct LedgerPromise: Equatable, Sendable {
    /// What is protected.
    public let unit: PrivacyUnit
    /// Which corpora are neighbours.
    public let relation: NeighboringRelation
    /// The target.
    public let budget: PrivacyBudget
    /// All that the run intends to release.
    public let planned: [PlannedSpending]

    /// The promise of a run that is not training, such as Private Evolution.
    public init(
        unit: PrivacyUnit,
        relation: NeighboringRelation,
        budget: PrivacyBudget,
        planned: [PlannedSpending]
    ) {
        self.unit = unit
        self.relation = relation
        self.budget = budget
        self.planned = planned
    }

    /// The promise that a ledger was begun with.
    package init(_ header: LedgerHeader) {
        self.init(
            unit: header.unit,
            relation: header.relation,
            budget: header.budget,
            planned: header.planned
        )
    }

    /// The promise of a training run: its steps, its other releases, and the steps of its probe.
    public init(_ plan: PrivacyPlan) {
        let steps = PlannedSpending(event: plan.stepEvent, count: plan.schedule.steps)
        let others = plan.releases.map { PlannedSpending(event: $0.event, count: 1) }
        let probe = plan.labelProbe.map {
            [PlannedSpending(event: $0.stepEvent, count: $0.steps)]
        }
        self.init(
            unit: plan.unit,
            relation: plan.relation,
            budget: plan.budget,
            planned: [steps] + others + (probe ?? [])
        )
    }
}
