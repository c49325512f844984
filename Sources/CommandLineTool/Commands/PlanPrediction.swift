import DifferentialPrivacy
import PrivatePrediction

/// What `plan --method fewshot` prints: how far a record may shift a token's logit, over the records and
/// the tokens of a text, with temperature 1 and no other release beside the texts.
struct PredictionTable {
    /// One row: B records and T tokens a text.
    private struct Row {
        let batchSize: Int
        let tokens: Int
        /// C, in nats; ∞ without a target.
        let clipping: Double
        let texts: Int

        /// Whether hardly anything of the corpus will show.
        var isPublic: Bool { clipping < PredictionSettings.leastClipping }
    }

    static let batchSizes = [4, 8, 16, 32, 64]
    static let tokens = [32, 64, 128]

    private let records: Int
    private let budget: PrivacyBudget
    private let rows: [Row]

    /// Solves for the clip of each length of texts.
    ///
    /// - Throws: `PrivacyError`; `ToolError.badConfiguration` for no records.
    init(records: Int, epsilon: Double, delta: Double?) throws {
        guard records >= 1 else {
            throw ToolError.badConfiguration("--records is \(records); it must be at least 1")
        }
        let budget = try PrivacyBudget(epsilon: epsilon, delta: delta)
        try budget.validate(unitCount: records)
        self.records = records
        self.budget = budget
        rows = try Self.tokens.flatMap { tokens in
            let range = try Self.range(of: budget, tokens: tokens)
            return Self.batchSizes.filter { $0 <= records }.map { batchSize in
                let mechanism = ExponentialMechanism(
                    range: range,
                    batchSize: batchSize,
                    temperature: 1
                )
                return Row(
                    batchSize: batchSize,
                    tokens: tokens,
                    clipping: mechanism.clipping,
                    texts: records / batchSize
                )
            }
        }
    }

    private static func range(of budget: PrivacyBudget, tokens: Int) throws -> Double {
        guard case .limited(let epsilon, let delta) = budget else { return .infinity }
        return 1
            / (try NoiseCalibration(epsilon: epsilon, delta: delta).solve {
                .exponentials(range: 1 / $0, count: tokens)
            }.noiseMultiplier)
    }

    var json: JSONValue {
        [
            "method": .string("fewshot"),
            "records": .integer(records),
            "epsilon": .number(budget.epsilon),
            "delta": budget.delta.map { .number($0) } ?? .null,
            "rows": .array(
                rows.map { row in
                    [
                        "prompts": .integer(row.batchSize),
                        "tokens": .integer(row.tokens),
                        "clipping": .number(row.clipping),
                        "texts": .integer(row.texts),
                        "is_public_model": .bool(row.isPublic),
                    ]
                }
            ),
        ]
    }

    var lines: [String] {
        let head = ["tokens a text  records a text  most texts  clip C (nats)"]
        let table = rows.map { row in
            let clipping = row.clipping.isFinite ? Self.rounded(row.clipping) : "none"
            let cells = [
                Self.padded("\(row.tokens)", 13), Self.padded("\(row.batchSize)", 14),
                Self.padded("\(row.texts)", 10), Self.padded(clipping, 13),
            ]
            return cells.joined(separator: "  ")
                + (row.isPublic ? "  nearly the public model" : "")
        }
        return head + table + [
            "About 1 nat or more is needed to write what the public model would not."
                + " C grows with records a text and shrinks with the root of the tokens."
        ]
    }

    /// Two decimals, down: a clip is never larger than stated.
    private static func rounded(_ value: Double) -> String {
        let hundredths = Int((min(value, 1e6) * 100).rounded(.down))
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
