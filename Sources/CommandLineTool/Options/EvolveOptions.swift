import ArgumentParser
import DifferentialPrivacy
import Foundation
package import PrivateEvolution

extension SelectionRule: ExpressibleByArgument {}

/// The options of `evolve` that the guarantee depends on.
struct EvolvePrivacyOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Target epsilon, or inf for no privacy.", valueName: "e")
    )
    var epsilon: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Delta, below 1/N; needed unless epsilon is inf.", valueName: "d")
    )
    var delta: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("N as a public constant.", valueName: "n"))
    var datasetSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Records of a user that are used; 10 by default.", valueName: "k")
    )
    var maxRecordsPerUser: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed for tests; the run is NOT PRIVATE.", valueName: "s")
    )
    var insecureSeed: UInt64?

    /// The target.
    ///
    /// - Throws: `ToolError.badConfiguration`.
    func budget() throws -> PrivacyBudget {
        if epsilon == "inf" { return .unlimited }
        guard let value = Double(epsilon), value > 0, value.isFinite else {
            throw ToolError.badConfiguration(
                "--epsilon is \(epsilon); it must be a positive number, or inf"
            )
        }
        guard let delta else {
            throw ToolError.badConfiguration(
                "--delta is missing; it is needed unless --epsilon is inf"
            )
        }
        guard delta > 0, delta < 1 else {
            throw ToolError.badConfiguration(
                "--delta is \(delta); it must be above 0 and below 1/N"
            )
        }
        return .limited(epsilon: value, delta: delta)
    }
}

/// The options of `evolve` that only the result depends on.
struct EvolutionOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often the corpus votes.", valueName: "t")
    )
    var iterations: Int

    @Option(parsing: .unconditional, help: ArgumentHelp("Texts to write.", valueName: "n"))
    var count: Int

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Candidates for each text kept.", valueName: "l")
    )
    var variations = 4

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Variations that stand for a candidate in a vote.", valueName: "k")
    )
    var lookahead = 0

    @Option(help: ArgumentHelp("Keep the best, or draw by votes.", valueName: "rule"))
    var selection: SelectionRule = .rank

    @Option(
        help: ArgumentHelp(
            "Weight of each label value; without it, a noisy count inside the budget.",
            valueName: "file"
        )
    )
    var labelDistribution: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens of a text at most.", valueName: "n")
    )
    var maxNewTokens = 64

    @Option(
        help: ArgumentHelp(
            "Sentence encoder or model that says how alike texts are; --model by default.",
            valueName: "dir"
        )
    )
    var embedding: String?

    /// The settings for these classes, checked.
    func settings(_ classes: TextClasses) throws -> EvolutionSettings {
        guard maxNewTokens >= 1 else {
            throw ToolError.badConfiguration(
                "--max-new-tokens is \(maxNewTokens); it must be at least 1"
            )
        }
        let settings = EvolutionSettings(
            iterations: iterations,
            count: count,
            classes: try weights(classes).map { .weights($0) }
                ?? .noisyHistogram(count: classes.count),
            variations: variations,
            lookahead: lookahead,
            selection: selection
        )
        try settings.validate()
        return settings
    }

    private func weights(_ classes: TextClasses) throws -> [Double]? {
        guard let labelDistribution else { return nil }
        guard let labelSet = classes.labelSet else {
            throw ToolError.usage("--label-distribution needs --label-columns")
        }
        let mixture = try LabelMixture(file: labelDistribution, labelSet: labelSet)
        var weights = [Double](repeating: 0, count: classes.count)
        for part in mixture.parts {
            guard let index = classes.index(of: part.labels.map { Array($0.utf8) }) else {
                continue
            }
            weights[index] += part.weight
        }
        return weights
    }
}
