import DifferentialPrivacy
import PrivateTraining

/// What `plan` found out.
struct PlanEstimate {
    /// The plan with its solved noise.
    let plan: PrivacyPlan
    /// The bound asked for.
    let guarantee: PrivacyGuarantee
    /// The bounds of the single accountants.
    let bounds: [PrivacyGuarantee]
    /// What is used where nothing was said.
    let recipe: Recipe
    /// How long it takes at the speed given, if one was.
    let seconds: Double?

    /// σ / B: noise per coordinate of the mean gradient, in units of the clipping norm.
    var noiseToSignal: Double { plan.noiseMultiplier / Double(plan.schedule.expectedBatchSize) }

    var json: JSONValue {
        let schedule = plan.schedule
        var members: [JSONValue.Member] = [
            .init(key: "records", value: .integer(schedule.unitCount)),
            .init(key: "batch_size", value: .integer(schedule.expectedBatchSize)),
            .init(key: "noise_multiplier", value: .number(plan.noiseMultiplier)),
            .init(key: "sampling_probability", value: .number(schedule.samplingProbability)),
            .init(key: "steps", value: .integer(schedule.steps)),
        ]
        members += Privacy.members(guarantee)
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
            .init(key: "recipe", value: .string(recipe.evidence.rawValue)),
        ]
        if let seconds { members.append(.init(key: "hours", value: .number(seconds / 3_600))) }
        return .object(members)
    }

    var lines: [String] {
        let schedule = plan.schedule
        var lines = [
            "noise multiplier      \(ConsoleText.roundedUp(plan.noiseMultiplier))",
            "sampling probability  \(schedule.samplingProbability)",
            "batch size            \(schedule.expectedBatchSize)",
            "steps                 \(schedule.steps)",
            "learning rate         \(recipe.learningRate) (recipe: \(recipe.evidence.rawValue))",
            Privacy.statement(guarantee),
        ]
        lines += bounds.map {
            "epsilon by \($0.accountant.rawValue)        \(ConsoleText.roundedUp($0.epsilon))"
        }
        lines.append("noise to signal       \(ConsoleText.roundedUp(noiseToSignal, digits: 6))")
        if let seconds { lines.append("time                  \(ConsoleText.duration(seconds))") }
        return lines
    }
}
