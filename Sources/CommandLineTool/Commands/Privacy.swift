import ArgumentParser
import DifferentialPrivacy

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
