import DifferentialPrivacy
import PrivateTraining

/// What `plan` found out.
struct PlanEstimate {
    /// The plan with its solved noise.
    let plan: PrivacyPlan
    /// The bound asked for; nil without a budget.
    let guarantee: PrivacyGuarantee?
    /// The bounds of the single accountants.
    let bounds: [PrivacyGuarantee]
    /// What is used where nothing was said.
    let recipe: Recipe
    /// What texts can be expected to teach.
    let expectations: ExpectationText
    /// Whether labels, lengths or model were stated, so that "measured" must hold for those, too.
    let knowsKind: Bool
    /// How fast it goes.
    let speed: TrainingSpeed
    /// Expected tokens of all steps together.
    let tokens: Double

    /// How long it takes at that speed.
    var seconds: Double { tokens / speed.tokensPerSecond }

    /// σ / B: noise per coordinate of the mean gradient, in units of the clipping norm.
    var noiseToSignal: Double { plan.noiseMultiplier / Double(plan.schedule.expectedBatchSize) }

    /// Whether such a run was measured, as far as is known what it is.
    private var evidence: Recipe.Evidence {
        guard knowsKind else { return recipe.evidence }
        return expectations.columns.allSatisfy { $0.expectation.measured != nil }
            ? .measured : .extrapolated
    }

    private var evidenceText: String {
        switch evidence {
        case .extrapolated: "extrapolated: no run like this was measured"
        case .measured where knowsKind: "measured on such records"
        case .measured: "measured at about this size and epsilon, on the records named below"
        }
    }

    var json: JSONValue {
        let schedule = plan.schedule
        var members: [JSONValue.Member] = [
            .init(key: "records", value: .integer(schedule.unitCount)),
            .init(key: "batch_size", value: .integer(schedule.expectedBatchSize)),
            .init(key: "noise_multiplier", value: .number(plan.noiseMultiplier)),
            .init(key: "sampling_probability", value: .number(schedule.samplingProbability)),
            .init(key: "steps", value: .integer(schedule.steps)),
        ]
        members += guarantee.map(Privacy.members) ?? Self.noGuarantee
        members += [
            .init(
                key: "epsilon_by_accountant",
                value: .object(
                    bounds.map {
                        .init(key: $0.accountant.rawValue, value: .number($0.epsilon))
                    }
                )
            ),
            .init(key: "noise_to_signal", value: .number(noiseToSignal)),
            .init(key: "learning_rate", value: .number(recipe.learningRate)),
            .init(key: "recipe", value: .string(evidence.rawValue)),
        ]
        if let probe = plan.labelProbe {
            members += [
                .init(key: "label_epsilon", value: .number(labelEpsilon)),
                .init(key: "label_steps", value: .integer(probe.steps)),
                .init(key: "label_noise_multiplier", value: .number(probe.noiseMultiplier)),
            ]
        }
        members += [
            .init(key: "expectation", value: expectations.json),
            .init(key: "hours", value: .number(seconds / 3_600)),
            .init(key: "tokens_per_second", value: .number(speed.tokensPerSecond)),
            .init(key: "speed", value: .string(speed.source)),
        ]
        return .object(members)
    }

    /// What the label probe costs by itself.
    private var labelEpsilon: Double {
        guard let probe = plan.labelProbe, let delta = plan.budget.delta else { return .infinity }
        let guarantee = try? PrivacyAccounting.guarantee(of: probe.event, delta: delta)
        return guarantee?.epsilon ?? .infinity
    }

    private static let noGuarantee: [JSONValue.Member] = [
        .init(key: "epsilon", value: .number(.infinity)), .init(key: "delta", value: .null),
        .init(key: "accountant", value: .null),
    ]

    var lines: [String] {
        let schedule = plan.schedule
        var lines = [
            "noise multiplier      \(ConsoleText.roundedUp(plan.noiseMultiplier))",
            "sampling probability  \(schedule.samplingProbability)",
            "batch size            \(schedule.expectedBatchSize)",
            "steps                 \(schedule.steps)",
            "learning rate         \(recipe.learningRate) (recipe for all weights, \(evidenceText))",
            "clipping norm         \(plan.maxGradNorm.map { "\($0)" } ?? "none")",
            guarantee.map(Privacy.statement) ?? "NOT PRIVATE: no noise, no guarantee",
        ]
        lines += bounds.map {
            "epsilon by \($0.accountant.rawValue)        \(ConsoleText.roundedUp($0.epsilon))"
        }
        if let probe = plan.labelProbe {
            lines.append(
                "label probe           epsilon \(ConsoleText.roundedUp(labelEpsilon)) by itself, part of"
                    + " the above: \(probe.steps) steps on the whole corpus, noise multiplier "
                    + ConsoleText.roundedUp(probe.noiseMultiplier)
            )
        }
        lines.append("noise to signal       \(ConsoleText.roundedUp(noiseToSignal, digits: 6))")
        lines.append(
            "time                  \(ConsoleText.duration(seconds)), at"
                + " \(ConsoleText.rate(speed.tokensPerSecond)) tokens/s (\(speed.source))"
        )
        return lines + expectations.lines
    }
}
