internal import Foundation
import Messages
import PrivateEvolution

/// What private prediction does, fixed before its first release; everything here is public.
package struct PredictionSettings: Codable, Equatable, Sendable {
    /// How tokens are chosen.
    package var rule: PredictionRule
    /// How many texts are written.
    package var count: Int
    /// M: records of one prompt, expected; 1 for clipped differences.
    package var recordsPerPrompt: Int
    /// P: private prompts of a token; for clipped differences B, the records of a batch, expected.
    package var prompts: Int
    /// k: how many tokens the public prompt lets in.
    package var publicTopK: Int
    /// T: the most tokens of a text; every text pays for all of them.
    package var maximumNewTokens: Int
    /// τ, for clipped differences.
    package var temperature: Double
    /// How many classes of labels there are.
    package var classCount: Int
    /// The share of each class, stated by the user; nil for noisy counts inside the budget.
    package var classWeights: [Double]?

    private enum CodingKeys: String, CodingKey {
        case rule, count, prompts, temperature
        case recordsPerPrompt = "records_per_prompt"
        case publicTopK = "public_top_k"
        case maximumNewTokens = "max_new_tokens"
        case classCount = "class_count"
        case classWeights = "class_weights"
    }

    /// States the settings.
    package init(
        rule: PredictionRule = .clippedDifference,
        count: Int,
        recordsPerPrompt: Int = 1,
        prompts: Int = 8,
        publicTopK: Int = 100,
        maximumNewTokens: Int = 64,
        temperature: Double = 1,
        classCount: Int = 1,
        classWeights: [Double]? = nil
    ) {
        self.rule = rule
        self.count = count
        self.recordsPerPrompt = recordsPerPrompt
        self.prompts = prompts
        self.publicTopK = publicTopK
        self.maximumNewTokens = maximumNewTokens
        self.temperature = temperature
        self.classCount = classCount
        self.classWeights = classWeights
    }

    /// Whether the sizes of the classes are one more release.
    ///
    /// One class has no size to tell, and the few texts of the other rules are shared out evenly.
    package var releasesClassSizes: Bool {
        rule == .clippedDifference && classCount > 1 && classWeights == nil
    }

    /// How many texts each class gets if that is known beforehand.
    var plannedSizes: [Int] {
        ClassSizes.apportion(count, by: classWeights ?? Array(repeating: 1, count: classCount))
    }

    /// Texts that a record of one class may bear the cost of.
    var rounds: Int { rule.samplesEachToken ? plannedSizes.max() ?? 1 : 1 }

    /// A clip, in nats, below which a record hardly changes what is likely.
    package static let leastClipping = 0.25

    /// Three digits.
    static func rounded(_ value: Double) -> String {
        let digits = max(0, 2 - (value > 0 ? Int(log10(value).rounded(.down)) : 0))
        let scale = pow(10, Double(digits))
        return "\((value * scale).rounded() / scale)"
    }

    /// Checks ranges.
    ///
    /// - Throws: `PrivatePredictionError.invalidSetting`.
    package func validate() throws(PrivatePredictionError) {
        try require(.count, count, count >= 1 && count < 1 << 30, "at least 1")
        try require(.prompts, prompts, (1...4096).contains(prompts), "in 1...4096")
        try require(
            .recordsPerPrompt,
            recordsPerPrompt,
            (1...256).contains(recordsPerPrompt)
                && (rule.samplesEachToken || recordsPerPrompt == 1),
            rule.samplesEachToken ? "in 1...256" : "1 for this rule"
        )
        try require(.publicTopK, publicTopK, publicTopK >= 1, "at least 1")
        try require(
            .maxNewTokens,
            maximumNewTokens,
            (1...100_000).contains(maximumNewTokens),
            "in 1...100000"
        )
        guard (0.01...100).contains(temperature) else {
            throw .invalidSetting(
                name: Message(.temperature),
                value: "\(temperature)",
                requirement: "in 0.01...100"
            )
        }
    }

    private func require(
        _ setting: Setting,
        _ value: Int,
        _ holds: Bool,
        _ requirement: Message
    ) throws(PrivatePredictionError) {
        guard !holds else { return }
        throw .invalidSetting(name: Message(setting), value: "\(value)", requirement: requirement)
    }
}
