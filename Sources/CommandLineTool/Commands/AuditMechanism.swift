import ArgumentParser
import DifferentialPrivacy
import Kernels
import PrivateTraining
import Training

/// `dpscribe audit`: measurements that can refute a privacy claim.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure from below what is given away.",
        discussion: "A lower bound can refute a guarantee. It never proves one.",
        subcommands: [AuditMechanism.self]
    )
}

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

/// What `audit mechanism` prints.
struct AuditResult {
    let confidence: Double
    let findings: [MechanismAudit.Finding]
    let sampling: SamplingAudit

    private static let delta = 1e-5
    private static let method =
        "the trainer's own step on neighbouring corpora with and without a worst-case unit: scores"
        + " along the known difference, noise size, and distance under frozen noise"

    var isWithinClaim: Bool {
        sampling.isWithinClaim && findings.allSatisfy(\.isWithinClaim)
    }

    /// A finding that refutes the claim, or else the one that came closest to it.
    private var worst: MechanismAudit.Finding? {
        findings.first { !$0.isWithinClaim }
            ?? findings.max { $0.lowerBound - $0.claimedMu < $1.lowerBound - $1.claimedMu }
    }

    var json: JSONValue {
        [
            "product": .string("dpscribe " + ProductVersion.current),
            "build": Self.json(PrivacyManifest.BuildDescription()),
            "method": .string(Self.method),
            "within_claim": .bool(isWithinClaim),
            "confidence": .number(confidence),
            "mu_claimed": worst.map { .number($0.claimedMu) } ?? .null,
            "mu_estimate": worst.map { .number($0.estimatedMu) } ?? .null,
            "mu_lower_bound": worst.map { .number($0.lowerBound) } ?? .null,
            "delta": .number(Self.delta),
            "epsilon_claimed": worst.map { .number(Self.epsilon($0.claimedMu)) } ?? .null,
            "epsilon_lower_bound": worst.map { .number(Self.epsilon($0.lowerBound)) } ?? .null,
            "draws": worst.map { .integer($0.draws) } ?? .null,
            "findings": .array(findings.map(Self.json)),
            "sampling_probability_claimed": .number(SamplingAudit.claimedProbability),
            "sampling_probability_estimate": .number(sampling.estimate),
            "sampling_probability_lower_bound": .number(sampling.lowerBound),
            "note": .string(AuditStatement.standardNote),
        ]
    }

    var lines: [String] {
        let percent = 100 * confidence
        return findings.map { finding in
            "\(finding.scenario.rawValue): mu at least "
                + "\(BoundText.roundedDown(finding.lowerBound)), about"
                + " \(ConsoleText.roundedUp(finding.estimatedMu)), claimed"
                + " \(ConsoleText.roundedUp(finding.claimedMu)) (\(finding.draws) draws a world);"
                + " moves the sum by \(ConsoleText.roundedUp(finding.distance)) C; noise at most"
                + " \(ConsoleText.roundedUp(finding.noiseBound)) times the claim"
        } + [
            "sampling: probability at least \(BoundText.roundedDown(sampling.lowerBound)), claimed"
                + " \(SamplingAudit.claimedProbability)",
            (isWithinClaim ? "compatible with the claim" : "THE CLAIM IS REFUTED")
                + " at \(percent) % confidence: lower bounds, not a proof",
        ]
    }

    private static func json(_ build: PrivacyManifest.BuildDescription) -> JSONValue {
        [
            "configuration": .string(build.configuration),
            "platform": .string(build.platform),
            "commit": build.commit.map { .string($0) } ?? .null,
            "executable_sha256": build.executable.map { .string($0) } ?? .null,
        ]
    }

    private static func json(_ finding: MechanismAudit.Finding) -> JSONValue {
        [
            "scenario": .string(finding.scenario.rawValue),
            "draws": .integer(finding.draws),
            "mu_claimed": .number(finding.claimedMu),
            "mu_estimate": .number(finding.estimatedMu),
            "mu_lower_bound": .number(finding.lowerBound),
            "distance": .number(finding.distance),
            "noise_upper_bound": .number(finding.noiseBound),
            "within_claim": .bool(finding.isWithinClaim),
        ]
    }

    /// ε of Gaussian differential privacy with that μ; 0 for 0.
    private static func epsilon(_ mu: Double) -> Double {
        guard mu > 0, mu.isFinite else { return mu > 0 ? .infinity : 0 }
        let event = PrivacyEvent.gaussian(noiseMultiplier: 1 / mu)
        let found = try? PrivacyAccounting.guarantee(of: event, delta: delta, accountant: .gaussian)
        return found?.epsilon ?? .infinity
    }
}
