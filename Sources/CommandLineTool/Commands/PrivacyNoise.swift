import ArgumentParser
import DifferentialPrivacy

/// `dpscribe privacy noise`.
struct PrivacyNoise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "noise",
        abstract: "The smallest noise multiplier that keeps a training within epsilon.",
        discussion: """
            Example: dpscribe privacy noise --epsilon 8 --sampling-probability 0.025 --steps 240 \
            --delta 1e-6
            """
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("The target.", valueName: "e"))
    var epsilon: Double

    @OptionGroup var sampling: StepOptions
    @OptionGroup var accounting: AccountantOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let solved = try NoiseCalibration(
            epsilon: epsilon,
            delta: sampling.delta,
            accountant: accounting.accountant
        ).training(samplingProbability: sampling.samplingProbability, steps: sampling.steps)
        let multiplier = JSONValue.Member(
            key: "noise_multiplier",
            value: .number(solved.noiseMultiplier)
        )
        try global.result.write(
            .object([multiplier] + Privacy.members(solved.guarantee)),
            text: [
                "noise multiplier \(ConsoleText.roundedUp(solved.noiseMultiplier))",
                Privacy.statement(solved.guarantee),
            ]
        )
    }
}
