import ArgumentParser
import DifferentialPrivacy

/// `dpscribe privacy epsilon`.
struct PrivacyEpsilon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "epsilon",
        abstract: "An upper bound of epsilon for a training.",
        discussion: """
            Example: dpscribe privacy epsilon --noise-multiplier 1 --sampling-probability 0.01 \
            --steps 1000 --delta 1e-5
            """
    )

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Standard deviation of the noise over the clipping norm.",
            valueName: "s"
        )
    )
    var noiseMultiplier: Double

    @OptionGroup var sampling: StepOptions
    @OptionGroup var accounting: AccountantOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: noiseMultiplier,
            samplingProbability: sampling.samplingProbability,
            steps: sampling.steps
        )
        let guarantee = try PrivacyAccounting.guarantee(
            of: event,
            delta: sampling.delta,
            accountant: accounting.accountant
        )
        var members = Privacy.members(guarantee)
        if let order = guarantee.order {
            members.append(.init(key: "order", value: .number(order)))
        }
        try global.result.write(.object(members), text: [Privacy.statement(guarantee)])
        if guarantee.isAtEndOfOrderGrid, !global.quiet {
            ConsoleText.writeError(
                "note: the best order is the last one tried; --accountant pld may be tighter"
            )
        }
    }
}
