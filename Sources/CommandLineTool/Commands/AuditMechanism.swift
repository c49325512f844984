import ArgumentParser
import DifferentialPrivacy
import Kernels
import PrivateTraining

/// `dpscribe audit mechanism`.
struct AuditMechanism: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mechanism",
        abstract: "Run real training steps with and without a worst-case record.",
        discussion: """
            The trainer's own step runs on a tiny model, on corpora that differ by one unit. The \
            bound says how well the two can be told apart; it must not exceed what the noise claims.

              dpscribe audit mechanism --confidence 0.99
            """
    )

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Confidence of the bound, in (0, 1).", valueName: "p")
    )
    var confidence = 0.99

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Steps in each of the two worlds.", valueName: "n")
    )
    var draws = 100_000

    @OptionGroup var global: GlobalOptions

    func run() throws {
        guard confidence > 0, confidence < 1 else {
            throw ToolError.badConfiguration(
                "--confidence is \(confidence); it must be between 0 and 1"
            )
        }
        try ToolError.require("--draws", draws, in: 1_000...100_000_000)
        let result = try measure()
        try global.result.write(result.json, text: result.lines)
        guard result.isWithinClaim else {
            throw ToolError.integrityViolated(
                "the audit refutes the claim: do not train with this build on this machine,"
                    + " and report it"
            )
        }
    }

    private func measure() throws -> AuditResult {
        let secret = RunSecret.fromSystem()
        // All findings together fail with the probability that was asked for.
        let failure = (1 - confidence) / Double(AuditScenario.allCases.count + 1)
        let audit = MechanismAudit(
            secret: secret,
            failure: failure,
            parallel: ParallelFor(threadCount: try global.threadCount())
        )
        let progress = global.progress()
        let findings = try AuditScenario.allCases.map { scenario in
            progress.note("auditing: \(scenario.rawValue)")
            return try audit.finding(for: scenario, draws: self.draws(for: scenario))
        }
        return AuditResult(
            confidence: confidence,
            findings: findings,
            sampling: try SamplingAudit(secret: secret, failure: failure, draws: draws)
        )
    }

    /// All of them for the main scenario; the fewer the more one step takes.
    private func draws(for scenario: AuditScenario) -> Int {
        switch scenario {
        case .oneMoreRecord: draws
        case .exactNoise, .regroupedRecords: max(draws / 250, 400)
        case .severalThreads: max(draws / 50, 1_000)
        default: max(draws / 10, 1_000)
        }
    }
}
