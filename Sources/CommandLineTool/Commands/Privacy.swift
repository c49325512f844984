public import ArgumentParser
public import DifferentialPrivacy

/// `dpscribe privacy`: accounting alone, without data.
struct Privacy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute epsilon, or the noise for a target epsilon.",
        discussion: """
            Both are for Poisson sampling with Gaussian noise, and for adding or removing one record.
            """,
        subcommands: [PrivacyEpsilon.self, PrivacyNoise.self]
    )

    /// The lines under a result: what the number is a bound of.
    static func statement(_ guarantee: PrivacyGuarantee) -> String {
        "epsilon \(ConsoleText.roundedUp(guarantee.epsilon)) at delta \(guarantee.delta) "
            + "(add or remove one record; accountant \(guarantee.accountant.rawValue))"
    }

    /// The keys that every result on a guarantee has.
    static func members(_ guarantee: PrivacyGuarantee) -> [JSONValue.Member] {
        [
            .init(key: "epsilon", value: .number(guarantee.epsilon)),
            .init(key: "delta", value: .number(guarantee.delta)),
            .init(key: "accountant", value: .string(guarantee.accountant.rawValue)),
        ]
    }
}

/// The options of a training's sampling.
struct StepOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Chance of a record to join a step, in [0, 1].", valueName: "q")
    )
    var samplingProbability: Double

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of steps.", valueName: "t"))
    var steps: Int

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The delta at which epsilon is stated.", valueName: "d")
    )
    var delta: Double
}

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

extension Accountant: ExpressibleByArgument {}

/// `--accountant`.
struct AccountantOption: ParsableArguments {
    @Option(
        help: """
            Which upper bound of epsilon: the smallest (best), Rényi (rdp), privacy loss \
            distribution (pld), or the exact Gaussian curve without sampling (gaussian).
            """
    )
    var accountant: Accountant = .best
}
