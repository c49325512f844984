/// What a training run does to the privacy of its corpus, fixed before the first step.
///
/// Sampler, mechanism and accounting event all come from this value, so they cannot describe
/// different algorithms. It is solved once and stored; whoever resumes reads it.
///
/// | budget    | noiseMultiplier | maxGradNorm | event        |
/// | limited   | > 0             | required    | T steps of the subsampled Gaussian, the probe, the releases |
/// | unlimited | 0               | optional    | `nonPrivate` |
public struct PrivacyPlan: Codable, Equatable, Sendable {
    /// What is protected: a record, or all records of a user.
    public let unit: PrivacyUnit
    /// N, B and T.
    public let schedule: SamplingSchedule
    /// σ, the noise's standard deviation in units of the sensitivity.
    public let noiseMultiplier: Double
    /// The distribution of the noise.
    public let noiseKind: NoiseKind
    /// C, the bound on a unit's gradient norm; nil without clipping.
    public let maxGradNorm: Double?
    /// The target.
    public let budget: PrivacyBudget
    /// Other releases that the budget pays for.
    public let releases: [PlannedRelease]
    /// The label probe that is trained after the last step, from the same budget; nil without one.
    public let labelProbe: FullBatchPlan?

    /// Adding or removing one unit: the relation everything here is computed for.
    public var relation: NeighboringRelation { .addOrRemoveOne }

    /// States and checks a plan.
    ///
    /// It does not compute ε: see `NoiseCalibration` for a σ that meets
    /// the target, and `PrivacyLedger`, which refuses a plan that exceeds it.
    ///
    /// - Throws: `PrivacyError.parameter` for values outside the table above.
    public init(
        unit: PrivacyUnit,
        schedule: SamplingSchedule,
        noiseMultiplier: Double,
        maxGradNorm: Double?,
        budget: PrivacyBudget,
        releases: [PlannedRelease] = [],
        labelProbe: FullBatchPlan? = nil,
        noiseKind: NoiseKind = .gaussian
    ) throws(PrivacyError) {
        try budget.validate(unitCount: schedule.unitCount)
        try Self.check(noiseMultiplier: noiseMultiplier, budget: budget)
        try Self.check(maxGradNorm: maxGradNorm, budget: budget)
        if let labelProbe {
            try Self.check(noiseMultiplier: labelProbe.noiseMultiplier, budget: budget)
            guard labelProbe.unitCount == schedule.unitCount else {
                throw .parameter(
                    .unitCount,
                    value: Double(labelProbe.unitCount),
                    allowed: "the \(schedule.unitCount) units of the corpus"
                )
            }
        }
        self.unit = unit
        self.schedule = schedule
        self.noiseMultiplier = noiseMultiplier
        self.maxGradNorm = maxGradNorm
        self.budget = budget
        self.releases = releases
        self.labelProbe = labelProbe
        self.noiseKind = noiseKind
    }

    /// False for a run with ε = ∞, all of whose artefacts are marked NOT PRIVATE.
    public var isPrivate: Bool { budget != .unlimited }

    /// What one step costs.
    public var stepEvent: PrivacyEvent {
        guard isPrivate else { return .nonPrivate }
        return .poissonSampled(
            probability: schedule.samplingProbability,
            .gaussian(noiseMultiplier: noiseMultiplier)
        )
    }

    /// What the whole run costs: T steps, the label probe and the planned releases.
    public var event: PrivacyEvent {
        guard isPrivate else { return .nonPrivate }
        let training = PrivacyEvent.repeated(stepEvent, count: schedule.steps)
        let others = besidesTraining
        return others.isEmpty ? training : .composed([training] + others)
    }

    /// What is spent from the same budget besides the steps of training.
    public var besidesTraining: [PrivacyEvent] {
        releases.map(\.event) + (labelProbe.map { [$0.event] } ?? [])
    }

    /// Chooses who takes part in a step.
    public var sampler: PoissonSampler {
        PoissonSampler(samplingProbability: schedule.samplingProbability)
    }

    /// Adds the noise of a step.
    public var mechanism: GaussianMechanism {
        GaussianMechanism(
            noiseMultiplier: noiseMultiplier,
            expectedBatchSize: schedule.expectedBatchSize,
            relation: relation,
            kind: noiseKind
        )
    }

    /// A zero sum of `count` coordinates to start training with; later steps recycle it.
    package func makeSum(count: Int) -> ClippedGradientSum {
        let clipping = ClippingFactors(
            maxGradNorm: maxGradNorm,
            expectedBatchSize: schedule.expectedBatchSize,
            seam: .current
        )
        return ClippedGradientSum(count: count, clippingFactors: clipping)
    }
}

extension PrivacyPlan {
    private static func check(
        noiseMultiplier: Double,
        budget: PrivacyBudget
    ) throws(PrivacyError) {
        let isValid =
            budget == .unlimited
            ? noiseMultiplier == 0 : noiseMultiplier > 0 && noiseMultiplier < .infinity
        guard isValid else {
            throw .parameter(
                .noiseMultiplier,
                value: Double(noiseMultiplier),
                allowed: "positive and finite (0 exactly when epsilon is inf)"
            )
        }
    }

    private static func check(maxGradNorm: Double?, budget: PrivacyBudget) throws(PrivacyError) {
        guard let maxGradNorm else {
            guard budget == .unlimited else {
                throw .parameter(
                    .maxGradNorm,
                    value: .infinity,
                    allowed: "given when epsilon is finite"
                )
            }
            return
        }
        // Beyond these, the noised sum or its square leaves the range of single precision.
        guard maxGradNorm >= 1e-9, maxGradNorm <= 1e9 else {
            throw .parameter(
                .maxGradNorm,
                value: Double(maxGradNorm),
                allowed: "between 1e-9 and 1e9"
            )
        }
    }

    private enum CodingKeys: String, CodingKey {
        case unit, relation, schedule, budget, releases
        case noiseMultiplier = "noise_multiplier"
        case noiseKind = "noise_kind"
        case maxGradNorm = "max_grad_norm"
        case labelProbe = "label_probe"
    }

    /// Decodes and validates.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let relation = try values.decode(NeighboringRelation.self, forKey: .relation)
        try self.init(
            unit: values.decode(PrivacyUnit.self, forKey: .unit),
            schedule: values.decode(SamplingSchedule.self, forKey: .schedule),
            noiseMultiplier: values.decode(Double.self, forKey: .noiseMultiplier),
            maxGradNorm: values.decodeIfPresent(Double.self, forKey: .maxGradNorm),
            budget: values.decode(PrivacyBudget.self, forKey: .budget),
            releases: values.decode([PlannedRelease].self, forKey: .releases),
            labelProbe: values.decodeIfPresent(FullBatchPlan.self, forKey: .labelProbe),
            noiseKind: values.decode(NoiseKind.self, forKey: .noiseKind)
        )
        guard relation == self.relation else {
            throw DecodingError.dataCorruptedError(
                forKey: .relation,
                in: values,
                debugDescription: "relation \(relation)"
            )
        }
    }

    /// Encodes all fields and the relation.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(unit, forKey: .unit)
        try values.encode(relation, forKey: .relation)
        try values.encode(schedule, forKey: .schedule)
        try values.encode(noiseMultiplier, forKey: .noiseMultiplier)
        try values.encode(noiseKind, forKey: .noiseKind)
        try values.encodeIfPresent(maxGradNorm, forKey: .maxGradNorm)
        try values.encode(budget, forKey: .budget)
        try values.encode(releases, forKey: .releases)
        try values.encodeIfPresent(labelProbe, forKey: .labelProbe)
    }
}

/// A release besides the training steps that the plan pays for, such as noisy label counts.
public struct PlannedRelease: Codable, Equatable, Sendable {
    /// What the names of a label probe's steps in the ledger begin with.
    package static let labelProbePrefix = "label-probe "

    /// Its name in the ledger.
    public let name: String
    /// What it costs.
    public let event: PrivacyEvent

    /// Whether it is a step of a label probe.
    package var isLabelProbeStep: Bool { name.hasPrefix(Self.labelProbePrefix) }

    /// Plans a release.
    public init(name: String, event: PrivacyEvent) {
        self.name = name
        self.event = event
    }
}
