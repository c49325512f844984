extension PrivacyManifest {
    /// Who is protected against what.
    public struct Protection: Codable, Equatable, Sendable {
        /// Where trust lies: "central", one curator sees the corpus.
        public var model = "central"
        /// Who that is.
        public var trusted = "whoever ran dpscribe on the corpus, and the machine it ran on"
        /// Which corpora are hard to tell apart.
        public var relation: NeighboringRelation
        /// What is protected.
        public var unit: PrivacyUnit
        /// What one unit is, in words.
        public var unitDefinition: String
        /// Tokens of a record that are used; nil where records are not cut.
        public var truncationTokens: Int?
        /// How records share training sequences: they do not.
        public var packing = "none: one record is one example"

        /// States who is protected, in the words of the method.
        ///
        /// - Parameters:
        ///   - method: How the corpus is used.
        ///   - unit: What is protected.
        ///   - relation: Which corpora are neighbours.
        ///   - truncationTokens: Tokens of a record that are used; nil where records are not cut.
        package init(
            of method: RunMethod,
            unit: PrivacyUnit,
            relation: NeighboringRelation,
            truncationTokens: Int?
        ) {
            self.relation = relation
            self.truncationTokens = truncationTokens
            self.unit = unit
            unitDefinition = Self.definition(of: unit, method, truncationTokens)
        }

        private static func definition(
            of unit: PrivacyUnit,
            _ method: RunMethod,
            _ tokens: Int?
        ) -> String {
            let cut = tokens.map { " cut to \($0) tokens" } ?? " not cut"
            return switch (method, unit) {
            case (.finetune, .record):
                "A record is one row of the corpus with its labels,\(cut)."
            case (.finetune, .user(let most)):
                "A user is all rows with one value of the user column, of which at most \(most) are"
                    + " used, each\(cut)."
            case (.evolve, .record):
                "A record is one row of the corpus; its votes have L2 norm 1."
            case (.evolve, .user(let most)):
                "A user is all rows with one value of the user column, of which at most \(most) vote;"
                    + " the votes together have L2 norm 1."
            case (.fewshot, .record):
                "A record is one row of the corpus with its labels; it is part of the prompts of one text"
                    + " at a time, cut to their length."
            case (.fewshot, .user(let most)):
                "A user is all rows with one value of the user column, of which at most \(most) are used."
            }
        }
    }

    /// How the corpus was sampled, clipped and noised; all of it constants fixed beforehand.
    public struct Mechanism: Codable, Equatable, Sendable {
        /// "poisson", or "whole corpus" for histograms.
        public var sampler: String
        /// N, the number of units that probabilities were computed from; nil if it plays no part.
        public var unitCount: Int?
        /// "given" as a public constant, or "corpus": counted, and treated as public.
        public var unitCountSource: String?
        /// q; 1 where the whole corpus is used.
        public var samplingProbability: Double
        /// Steps or votes planned, T.
        public var stepsPlanned: Int
        /// Distinct steps or votes that the ledger holds; all of them count.
        public var stepsSpent: Int
        /// C, the bound on a unit's contribution; nil without clipping.
        public var maxGradNorm: Double?
        /// σ, the noise's standard deviation in units of the sensitivity.
        public var noiseMultiplier: Double
        /// Distribution of the noise.
        public var noiseKind: NoiseKind
        /// What noised sums are divided by: the public expected batch size; nil for histograms.
        public var divisor: Int?
        /// What turns released gradients into a model; nil for histograms.
        public var optimizer: String?
        /// Releases besides steps, by name; part of ε.
        public var otherReleases: [PlannedRelease]
        /// The label probe, part of ε; nil if none was trained.
        public var labelProbe: LabelProbe?
        /// How tokens were chosen; nil unless private prompts chose them.
        public var tokenChoices: TokenChoices?

        private enum CodingKeys: String, CodingKey {
            case sampler, divisor, optimizer
            case unitCount = "unit_count"
            case unitCountSource = "unit_count_source"
            case samplingProbability = "sampling_probability"
            case stepsPlanned = "steps_planned"
            case stepsSpent = "steps_spent"
            case maxGradNorm = "max_grad_norm"
            case noiseMultiplier = "noise_multiplier"
            case noiseKind = "noise_kind"
            case otherReleases = "other_releases"
            case labelProbe = "label_probe"
            case tokenChoices = "token_choices"
        }

        /// What is said of Poisson samples, and of histograms.
        package static let poissonSampler =
            "poisson: each unit joins each step independently with probability q"
        package static let wholeCorpusSampler =
            "whole corpus: every unit counts in every histogram"
        /// What is said of the one optimizer there is.
        package static let adamW = "AdamW on released gradients only"

        /// States the steps of a training run.
        package init(
            _ plan: PrivacyPlan,
            unitCountSource: String,
            stepsSpent: Int,
            optimizer: String = Self.adamW,
            otherReleases: [PlannedRelease],
            labelProbe: LabelProbe? = nil
        ) {
            sampler = Self.poissonSampler
            unitCount = plan.schedule.unitCount
            self.unitCountSource = unitCountSource
            samplingProbability = plan.schedule.samplingProbability
            stepsPlanned = plan.schedule.steps
            self.stepsSpent = stepsSpent
            maxGradNorm = plan.maxGradNorm
            noiseMultiplier = plan.noiseMultiplier
            noiseKind = plan.noiseKind
            divisor = plan.schedule.expectedBatchSize
            self.optimizer = optimizer
            self.otherReleases = otherReleases
            self.labelProbe = labelProbe
        }

        /// States equal histograms of the whole corpus.
        package init(histograms spent: Int, planned: Int, noiseMultiplier: Double) {
            sampler = Self.wholeCorpusSampler
            samplingProbability = 1
            stepsPlanned = planned
            stepsSpent = spent
            self.noiseMultiplier = noiseMultiplier
            noiseKind = .gaussian
            otherReleases = []
        }
    }

    /// Everything that ε follows from, and what else follows from it.
    public struct Spending: Codable, Equatable, Sendable {
        /// The target ε that was set beforehand.
        public var targetEpsilon: Double
        /// All distinct releases that the ledger holds.
        public var event: PrivacyEvent
        /// ε at several deltas, for groups, and without trust in sampling; nil without a promise.
        public var statement: PrivacyStatement?
        /// How each accountant came to its figures: orders, grid, direction of every rounding.
        public var method: String? = AccountingMethod.statement
        /// Which way figures are rounded.
        public var rounding = Self.roundsUpwards

        /// What is said of rounding.
        package static let roundsUpwards = "epsilon is an upper bound; the page rounds it upwards"

        private enum CodingKeys: String, CodingKey {
            case event, statement, method, rounding
            case targetEpsilon = "target_epsilon"
        }
    }

    /// The ledger that recorded the spending.
    public struct LedgerStatement: Codable, Equatable, Sendable {
        /// The run, 32 hexadecimal digits.
        public var run: String
        /// Its length and the hash of its last line.
        public var position: LedgerPosition
        /// True if the last step was durable, so that nothing can follow.
        public var isComplete: Bool
        /// The hash of its first line, which says whose data under which promise.
        public var header: ContentDigest
        /// SHA-256 of the file that says what else was fixed beforehand, as the first line has it.
        public var description: ContentDigest?

        /// Names a ledger by what the curator, who has it, can compare.
        package init(_ record: LedgerRecord) {
            run = record.header.runIdentifier
            position = record.position
            isComplete = record.isFinished
            header = record.headerDigest
            description = record.header.description
        }

        private enum CodingKeys: String, CodingKey {
            case run, position
            case isComplete = "complete"
            case header = "header_sha256"
            case description = "description_sha256"
        }
    }

    /// All that was released from the same corpus, as far as the folder of runs shows.
    public struct CorpusTotal: Codable, Equatable, Sendable {
        /// Runs whose corpus shares records or a file with this one's, this one included.
        public var runs: Int
        /// What they cost together.
        public var event: PrivacyEvent
        /// Their ε together at the same δ; nil without a promise.
        public var guarantee: PrivacyGuarantee?
    }
}

extension PrivacyManifest.Protection {
    private enum CodingKeys: String, CodingKey {
        case model, trusted, relation, unit, packing
        case unitDefinition = "unit_definition"
        case maxRecordsPerUnit = "max_records_per_unit"
        case truncationTokens = "truncation_tokens"
    }

    /// Reads the unit from its name, "record" or "user", and the most records of one that are used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let most = try values.decode(Int.self, forKey: .maxRecordsPerUnit)
        let name = try values.decode(String.self, forKey: .unit)
        guard
            let unit = [PrivacyUnit.record, .user(maxRecords: most)]
                .first(where: { $0.name == name && $0.recordLimit == most })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .unit,
                in: values,
                debugDescription: "no unit of privacy"
            )
        }
        self.unit = unit
        model = try values.decode(String.self, forKey: .model)
        trusted = try values.decode(String.self, forKey: .trusted)
        relation = try values.decode(NeighboringRelation.self, forKey: .relation)
        unitDefinition = try values.decode(String.self, forKey: .unitDefinition)
        truncationTokens = try values.decodeIfPresent(Int.self, forKey: .truncationTokens)
        packing = try values.decode(String.self, forKey: .packing)
    }

    /// Writes the unit's name and the most records of one.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(model, forKey: .model)
        try values.encode(trusted, forKey: .trusted)
        try values.encode(relation, forKey: .relation)
        try values.encode(unit.name, forKey: .unit)
        try values.encode(unitDefinition, forKey: .unitDefinition)
        try values.encode(unit.recordLimit, forKey: .maxRecordsPerUnit)
        try values.encodeIfPresent(truncationTokens, forKey: .truncationTokens)
        try values.encode(packing, forKey: .packing)
    }
}
