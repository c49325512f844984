import ArgumentParser
package import PrivateEvolution

extension SelectionRule: ExpressibleByArgument {}

/// The options of `evolve` that only the result depends on.
struct EvolutionOptions: ParsableArguments {
    /// What becomes of the kept texts, in the words of the command line.
    enum Parents: String, ExpressibleByArgument, CaseIterable {
        case keep, replace

        init(_ parents: EvolutionSettings.Parents) {
            switch parents {
            case .compete: self = .keep
            case .replaced: self = .replace
            }
        }

        var setting: EvolutionSettings.Parents {
            switch self {
            case .keep: .compete
            case .replace: .replaced
            }
        }
    }

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

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Candidates nearest to it that a record votes for.", valueName: "n")
    )
    var neighbors = 1

    @Option(
        help: ArgumentHelp(
            "Whether a kept text competes again beside its variations, or they replace it.",
            valueName: "rule"
        )
    )
    var parents: Parents = .keep

    @Option(help: ArgumentHelp("Keep the best, or draw by votes.", valueName: "rule"))
    var selection: SelectionRule = .rank

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Votes taken from every count before drawing by them; for --selection sample.",
            valueName: "h"
        )
    )
    var countThreshold = 0.0

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Share of a text that variations change, at first and at last; 0.8,0.4 by default.",
            valueName: "first[,last]"
        )
    )
    var variationDegrees: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sampling temperature of proposals; by default that of --prompts, else 1.",
            valueName: "t"
        )
    )
    var temperature: Double?

    @Option(
        help: ArgumentHelp(
            "Weight of each label value; without it, a noisy count inside the budget.",
            valueName: "file"
        ),
        completion: .file()
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
        ),
        completion: .directory
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
            classes: try classes.weights(labelDistribution).map { .weights($0) }
                ?? .noisyHistogram(count: classes.count),
            variations: variations,
            lookahead: lookahead,
            neighborCount: neighbors,
            threshold: countThreshold,
            selection: selection,
            parents: parents.setting,
            degrees: try degrees(),
            temperature: temperature
        )
        try settings.validate()
        guard countThreshold == 0 || selection == .sample else {
            throw ToolError.badConfiguration(
                "--count-threshold is for --selection sample; the order by votes is the same with it"
            )
        }
        return settings
    }

    /// The degrees asked for: one for all iterations, or the first and the last.
    private func degrees() throws -> VariationDegrees {
        let shares = ListArgument.names(variationDegrees)
        let values = shares.compactMap(Double.init)
        guard let first = values.first, let last = values.last else {
            guard variationDegrees.isEmpty else { throw unreadableDegrees }
            return VariationDegrees()
        }
        guard values.count == shares.count, values.count <= 2 else { throw unreadableDegrees }
        return VariationDegrees(first: first, last: last)
    }

    private var unreadableDegrees: ToolError {
        .usage(
            "--variation-degrees \(variationDegrees.joined(separator: ",")): write one share in (0, 1],"
                + " or the first and the last, such as 0.8,0.4"
        )
    }
}
