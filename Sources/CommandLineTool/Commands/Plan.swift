import ArgumentParser
import Corpus
import DifferentialPrivacy
import LabelProbe
import PrivateTraining

/// `dpscribe plan`: what a training would cost, without data.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Noise, steps and epsilon of a training, before it is run.",
        discussion: """
            Example: dpscribe plan --records 40030 --epsilon 8 --delta 1e-6

            Batch size and epochs come from the recipe for that many records, as for finetune. The \
            result says which measured run is nearest, and what texts can be expected to teach \
            (--label-count, --mean-tokens).

            Noise to signal is the noise's standard deviation per coordinate of the mean gradient, \
            in units of the clipping norm: the smaller, the better a model learns.

            With --method fewshot: how far a record may shift a token's logit (the clip C), and how \
            many texts that buys, over records a text (--prompts of fewshot) and tokens a text.

              dpscribe plan --method fewshot --records 20000 --epsilon 4 --delta 5e-6
            """
    )

    /// What is planned.
    enum Method: String, ExpressibleByArgument, CaseIterable { case finetune, fewshot }

    @Option(help: ArgumentHelp("What is planned.", valueName: "method"))
    var method: Method = .finetune

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Records (or users) of the corpus.", valueName: "n")
    )
    var records: Int

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Expected records in a step; the recipe's.", valueName: "b")
    )
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How often a record is expected to be used; the recipe's.",
            valueName: "e"
        )
    )
    var epochs: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The target, or inf for no privacy.", valueName: "e")
    )
    var epsilon: Double

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Delta, below 1 / records; needed unless epsilon is inf.",
            valueName: "d"
        )
    )
    var delta: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Take this noise multiplier instead of solving for one.",
            valueName: "s"
        )
    )
    var noiseMultiplier: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The label probe's part of epsilon.", valueName: "e1")
    )
    var labelEpsilon: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens of a record, for the hours.", valueName: "t")
    )
    var sequenceLength = 64

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Training speed, for the hours; measured here in a moment without it.",
            valueName: "v"
        )
    )
    var tokensPerSecond: Double?

    @Option(
        help: ArgumentHelp("Model whose speed is measured.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Values of the label column, to say what to expect; assumed 4.",
            valueName: "k"
        )
    )
    var labelCount: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens of a record in the mean, as lint counts them, to say what to expect.",
            valueName: "t"
        )
    )
    var meanTokens: Double?

    @OptionGroup var accounting: AccountantOption
    @OptionGroup var global: GlobalOptions

    /// Label values where nobody says how many there are.
    private static let assumedLabelCount = 4

    func run() throws {
        if method == .fewshot {
            let table = try PredictionTable(records: records, epsilon: epsilon, delta: delta)
            try global.result.write(table.json, text: table.lines)
            return
        }
        let estimate = try estimate()
        try global.result.write(estimate.json, text: estimate.lines)
    }

    private func estimate() throws -> PlanEstimate {
        guard records >= 1 else {
            throw ToolError.badConfiguration("--records is \(records); it must be at least 1")
        }
        let recipe = Recipe(unitCount: records, epsilon: epsilon)
        let schedule = try SamplingSchedule(
            unitCount: records,
            expectedBatchSize: batchSize ?? recipe.batchSize,
            epochs: epochs ?? recipe.epochs
        )
        let budget = try PrivacyBudget(epsilon: epsilon, delta: delta)
        let probe = try labelProbe(budget)
        let plan = try PrivacyPlan(
            unit: .record,
            schedule: schedule,
            noiseMultiplier: try chosenNoiseMultiplier(schedule, budget, probe),
            maxGradNorm: budget == .unlimited ? nil : 1,
            budget: budget,
            labelProbe: probe
        )
        let (guarantee, bounds) = try guarantees(of: plan)
        return PlanEstimate(
            plan: plan,
            guarantee: guarantee,
            bounds: bounds,
            recipe: recipe,
            expectations: try expectations(),
            knowsKind: labelCount != nil || meanTokens != nil || model != nil,
            speed: try speed(isPrivate: plan.isPrivate),
            tokens: Double(schedule.steps) * Double(schedule.expectedBatchSize)
                * Double(sequenceLength)
        )
    }

    private func expectations() throws -> ExpectationText {
        try ToolError.require("--label-count", labelCount ?? 1, in: 1...LabelSet.valueLimit)
        guard meanTokens.map({ $0 >= 1 && $0.isFinite }) ?? true else {
            throw ToolError.badConfiguration("--mean-tokens must be at least 1, and finite")
        }
        return ExpectationText(
            [(nil, labelCount ?? Self.assumedLabelCount)],
            Expectation.Outline(
                unitCount: records,
                epsilon: epsilon,
                base: ModelLocator.current().bundledName(of: model),
                valueCount: 1,
                meanTokens: meanTokens
            )
        )
    }

    /// The bound asked for, none without a budget, and those of the accountants that have one.
    private func guarantees(
        of plan: PrivacyPlan
    ) throws -> (PrivacyGuarantee?, [PrivacyGuarantee]) {
        guard let delta = plan.budget.delta else { return (nil, []) }
        let guarantee = try PrivacyAccounting.guarantee(
            of: plan.event,
            delta: delta,
            accountant: accounting.accountant
        )
        guard guarantee.epsilon <= epsilon else {
            throw ToolError.budgetExceeded(
                "noise multiplier \(plan.noiseMultiplier) gives epsilon \(guarantee.epsilon), above"
                    + " the target \(epsilon); raise --noise-multiplier or leave it out"
            )
        }
        let bounds = try [Accountant.rdp, .pld].compactMap { accountant in
            do throws(PrivacyError) {
                return try PrivacyAccounting.guarantee(
                    of: plan.event,
                    delta: delta,
                    accountant: accountant
                )
            } catch .unsupported { return nil }
        }
        return (guarantee, bounds)
    }

    /// The label probe's steps; nil without one.
    private func labelProbe(_ budget: PrivacyBudget) throws -> FullBatchPlan? {
        guard let labelEpsilon else { return nil }
        guard labelEpsilon > 0,
            labelEpsilon < epsilon || epsilon == labelEpsilon && epsilon == .infinity
        else {
            throw ToolError.badConfiguration(
                "--label-epsilon is \(labelEpsilon); it is part of --epsilon, so it must be between 0 and"
                    + " \(epsilon)"
            )
        }
        return try FullBatchPlan(
            unitCount: records,
            steps: LabelProbeSettings.steps,
            epsilon: labelEpsilon,
            delta: budget.delta
        )
    }

    private func chosenNoiseMultiplier(
        _ schedule: SamplingSchedule,
        _ budget: PrivacyBudget,
        _ probe: FullBatchPlan?
    ) throws -> Double {
        if let noiseMultiplier { return noiseMultiplier }
        guard let delta = budget.delta else { return 0 }
        try budget.validate(unitCount: schedule.unitCount)
        return try NoiseCalibration(
            epsilon: epsilon,
            delta: delta,
            accountant: accounting.accountant
        ).training(
            samplingProbability: schedule.samplingProbability,
            steps: schedule.steps,
            alongside: probe.map { [$0.event] } ?? []
        ).noiseMultiplier
    }

    private func speed(isPrivate: Bool) throws -> TrainingSpeed {
        guard let tokensPerSecond else {
            return try TrainingSpeed(
                measuring: model,
                sequenceLength: sequenceLength,
                isPrivate: isPrivate,
                threads: try global.threadCount()
            )
        }
        guard tokensPerSecond > 0, tokensPerSecond.isFinite, sequenceLength > 0 else {
            throw ToolError.badConfiguration(
                "--tokens-per-second and --sequence-length must be above 0, and finite"
            )
        }
        return TrainingSpeed(tokensPerSecond: tokensPerSecond)
    }
}
