import DifferentialPrivacy
import PrivateTraining
import Training

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
