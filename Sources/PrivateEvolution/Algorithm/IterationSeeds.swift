import DifferentialPrivacy

/// Where the public randomness of one iteration starts: the same again when a run is continued.
struct IterationSeeds: Sendable {
    private let key: StepKey

    init(iteration: Int, ledger: PrivacyLedger) throws {
        key = try ledger.publicKey(label: "evolution \(iteration)")
    }

    /// What a stage of the iteration draws for.
    enum Stage: UInt64 { case candidates, lookahead, selection }

    /// A stream of uniform words for a stage.
    func generator(for stage: Stage) -> KeyStreamGenerator {
        KeyStreamGenerator(key.stream(for: .decoding, lane: stage.rawValue))
    }
}
