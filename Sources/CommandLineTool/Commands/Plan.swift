import ArgumentParser
import DifferentialPrivacy
import PrivateTraining

/// `dpscribe plan`: what a training would cost, without data.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Noise, steps and epsilon of a training, before it is run.",
        discussion: """
            Example: dpscribe plan --records 40030 --epsilon 8 --delta 1e-6

            Batch size and epochs come from the recipe for that many records, as for finetune; the \
            result says whether it was measured at such a number or is carried over from smaller ones.

            Noise to signal is the noise's standard deviation per coordinate of the mean gradient, \
            in units of the clipping norm: the smaller, the better a model learns.
            """
    )

    @Option(help: ArgumentHelp("Records (or users) of the corpus.", valueName: "n"))
    var records: Int

    @Option(help: ArgumentHelp("Expected records in a step; the recipe's.", valueName: "b"))
    var batchSize: Int?

    @Option(
        help: ArgumentHelp(
            "How often a record is expected to be used; the recipe's.",
            valueName: "e"
        )
    )
    var epochs: Double?

    @Option(help: ArgumentHelp("The target.", valueName: "e"))
    var epsilon: Double

    @Option(help: ArgumentHelp("The target's delta, below 1 / records.", valueName: "d"))
    var delta: Double

    @Option(
        help: ArgumentHelp(
            "Take this noise multiplier instead of solving for one.",
            valueName: "s"
        )
    )
    var noiseMultiplier: Double?

    @Option(help: ArgumentHelp("Tokens of a record, for the hours.", valueName: "t"))
    var sequenceLength = 64

    @Option(
        help: ArgumentHelp("Training speed that was measured, for the hours.", valueName: "v")
    )
    var tokensPerSecond: Double?

    @OptionGroup var accounting: AccountantOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
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
        let multiplier = try solvedNoiseMultiplier(schedule)
        let plan = try PrivacyPlan(
            unit: .record,
            schedule: schedule,
            noiseMultiplier: multiplier,
            maxGradNorm: 1,
            budget: .limited(epsilon: epsilon, delta: delta)
        )
        let guarantee = try PrivacyAccounting.guarantee(
            of: plan.event,
            delta: delta,
            accountant: accounting.accountant
        )
        guard guarantee.epsilon <= epsilon else {
            throw ToolError.budgetExceeded(
                "noise multiplier \(multiplier) gives epsilon \(guarantee.epsilon), above the "
                    + "target \(epsilon); raise --noise-multiplier or leave it out"
            )
        }
        let bounds = try [Accountant.rdp, .pld].map {
            try PrivacyAccounting.guarantee(of: plan.event, delta: delta, accountant: $0)
        }
        return PlanEstimate(
            plan: plan,
            guarantee: guarantee,
            bounds: bounds,
            recipe: recipe,
            seconds: try seconds(schedule)
        )
    }

    private func solvedNoiseMultiplier(_ schedule: SamplingSchedule) throws -> Double {
        if let noiseMultiplier { return noiseMultiplier }
        // Checks epsilon and delta against N before any search.
        _ = try PrivacyPlan(
            unit: .record,
            schedule: schedule,
            noiseMultiplier: 1,
            maxGradNorm: 1,
            budget: .limited(epsilon: epsilon, delta: delta)
        )
        return try NoiseCalibration(
            epsilon: epsilon,
            delta: delta,
            accountant: accounting.accountant
        ).training(
            samplingProbability: schedule.samplingProbability,
            steps: schedule.steps
        ).noiseMultiplier
    }

    private func seconds(_ schedule: SamplingSchedule) throws -> Double? {
        guard let tokensPerSecond else { return nil }
        guard tokensPerSecond > 0, sequenceLength > 0 else {
            throw ToolError.badConfiguration(
                "--tokens-per-second and --sequence-length must be above 0"
            )
        }
        let tokens = Double(schedule.steps * schedule.expectedBatchSize * sequenceLength)
        return tokens / tokensPerSecond
    }
}
