/// How often the corpus is sampled: constants fixed, and public, before training.
///
/// N is `--dataset-size`, or the records read and then treated as public. B divides the noised sum.
public struct SamplingSchedule: Codable, Equatable, Sendable {
    /// N, the number of units that probabilities are computed from; at least 1.
    public let unitCount: Int
    /// B, the expected batch size, in 1...N.
    public let expectedBatchSize: Int
    /// T, the number of steps; at least 1.
    public let steps: Int

    /// States N, B and T.
    ///
    /// - Throws: `PrivacyError.parameter` for values outside their ranges.
    public init(unitCount: Int, expectedBatchSize: Int, steps: Int) throws(PrivacyError) {
        try Self.check(unitCount: unitCount, expectedBatchSize: expectedBatchSize)
        guard steps >= 1 else {
            throw .parameter(.steps, value: Double(steps), allowed: "at least 1")
        }
        self.unitCount = unitCount
        self.expectedBatchSize = expectedBatchSize
        self.steps = steps
    }

    /// States N, B and the number of epochs: T = ⌈epochs · N / B⌉.
    public init(unitCount: Int, expectedBatchSize: Int, epochs: Double) throws(PrivacyError) {
        try Self.check(unitCount: unitCount, expectedBatchSize: expectedBatchSize)
        let steps = (epochs * Double(unitCount) / Double(expectedBatchSize)).rounded(.up)
        guard epochs > 0, steps >= 1, steps <= 1e12 else {
            throw .parameter(
                .epochs,
                value: Double(epochs),
                allowed: "positive, for at most 1e12 steps"
            )
        }
        try self.init(
            unitCount: unitCount,
            expectedBatchSize: expectedBatchSize,
            steps: Int(steps)
        )
    }

    private static func check(
        unitCount: Int,
        expectedBatchSize: Int
    ) throws(PrivacyError) {
        guard unitCount >= 1 else {
            throw .parameter(.unitCount, value: Double(unitCount), allowed: "at least 1")
        }
        guard (1...unitCount).contains(expectedBatchSize) else {
            throw .parameter(
                .expectedBatchSize,
                value: Double(expectedBatchSize),
                allowed: "between 1 and the \(unitCount) units of the corpus"
            )
        }
    }

    /// q = B / N, the probability that a unit joins a step.
    public var samplingProbability: Double { Double(expectedBatchSize) / Double(unitCount) }

    private enum CodingKeys: String, CodingKey {
        case unitCount = "unit_count"
        case expectedBatchSize = "expected_batch_size"
        case steps
    }

    /// Decodes and validates.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            unitCount: values.decode(Int.self, forKey: .unitCount),
            expectedBatchSize: values.decode(Int.self, forKey: .expectedBatchSize),
            steps: values.decode(Int.self, forKey: .steps)
        )
    }
}
