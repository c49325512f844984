import Foundation

extension PrivacyManifest {
    /// `PRIVACY.md`, one page that a person can read and sign, as a function of the manifest.
    ///
    /// It states the SHA-256 of `fileContents()`, so that neither can be edited alone.
    public var page: String {
        get throws { page(of: ContentDigest(ofContents: try fileContents())) }
    }

    private func page(of digest: ContentDigest) -> String {
        let blocks: [[String]] = [
            ["# Privacy statement"],
            warnings.map { "**\($0)**" },
            [promise],
            table,
            ["## How it was done", procedure, tuning],
            ["## What it does not cover"] + [list(knownLimits)],
            ["## What a person must confirm"] + [list(assumptions)],
            ["## How to check", check(digest), origin],
            contact.map { ["## Contact", $0] } ?? [],
        ]
        return blocks.joined().filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var promise: String {
        guard let guarantee, isPrivate else {
            return "This release of \(product) (\(method.rawValue)) carries no privacy guarantee."
        }
        return
            "This release of \(product) (\(method.rawValue)) is differentially private with **ε = "
            + "\(BoundText.roundedUp(guarantee.epsilon)) at δ = \(guarantee.delta)**: whether any one "
            + "\(protection.unit.name) was in the corpus changes the probability of any result by at "
            + "most a factor of e^ε, up to δ. Neighbouring corpora differ by one \(protection.unit.name)"
            + " added or removed. \(protection.unitDefinition) The curator is trusted "
            + "(\(protection.model) model): \(protection.trusted)."
    }

    private var table: [String] {
        guard let statement = spending.statement else { return [] }
        var rows = [("this release", statement.guarantee)]
        rows += statement.profile.filter { $0 != statement.guarantee }
            .map { ("this release", $0) }
        rows.append(("without trust in the sampling", statement.withoutAmplification))
        for size in statement.groups.keys.sorted() {
            if let group = statement.groups[size] {
                rows.append(("\(size) \(protection.unit.name)s together", group))
            }
        }
        if let total = corpus.guarantee {
            rows.append(("all \(corpus.runs) run(s) on this corpus", total))
        }
        let lines = rows.map { name, guarantee in
            "| \(name) | \(guarantee.delta) | \(BoundText.roundedUp(guarantee.epsilon)) |"
                + " \(Self.method(guarantee)) |"
        }
        let head = ["| what | δ | ε at most | accountant |", "| --- | --- | --- | --- |"]
        let mu = statement.gaussianMu.map {
            "As Gaussian differential privacy: μ = \(BoundText.roundedUp($0))."
        }
        return [(head + lines).joined(separator: "\n"), mu ?? ""]
    }

    private var procedure: String {
        var parts = [
            "Sampling: \(mechanism.sampler), q = \(mechanism.samplingProbability), "
                + "\(mechanism.stepsSpent) of \(mechanism.stepsPlanned) planned."
        ]
        if let bound = mechanism.maxGradNorm {
            parts.append("Each \(protection.unit.name)'s gradient is clipped to L2 norm \(bound).")
        }
        if let choices = mechanism.tokenChoices { parts.append(choices.sentence) }
        if mechanism.tokenChoices?.isDrawn != true {
            parts.append(
                "Noise: σ = \(mechanism.noiseMultiplier) sensitivities, \(randomness.noise)."
            )
        }
        if let divisor = mechanism.divisor {
            parts.append("Sums are divided by the public expected batch size \(divisor).")
        }
        if let probe = mechanism.labelProbe { parts.append(probe.sentence) }
        parts.append("Text: \(sampling).")
        parts.append("Build: \(build.sentence).")
        let others = mechanism.otherReleases.map(\.name)
        if !others.isEmpty { parts.append("Also released: \(others.joined(separator: ", ")).") }
        parts.append("Randomness: \(randomness.generator).")
        parts.append("Ledger: \(ledger.position.entries) entries, head \(ledger.position.head).")
        if let baseModel {
            let name = baseModel.name.map { " \($0)" } ?? ""
            parts.append("Base model\(name) \(baseModel.sha256), \(baseModel.statement).")
            if let licence = baseModel.licence { parts.append("Its licence: \(licence).") }
        }
        return parts.joined(separator: " ")
    }

    private func check(_ digest: ContentDigest) -> String {
        "`dpscribe verify` on this folder computes every ε again from `\(Self.fileName)` by other"
            + " formulas and compares the digests of all files. `sha256sum \(Self.fileName)` must print"
            + " \(digest). Audit: \(audit)."
    }

    private var origin: String {
        guard let signedBy else {
            return
                "This release is not signed. The check shows that its parts agree; it cannot show who"
                + " made them, as whoever sends a release can rewrite all of its files together."
        }
        return
            "Signed with the Ed25519 key \(signedBy) in `\(Self.signatureName)`. Get the public key"
            + " from whoever answers for the release, not from the same place as the files, and check"
            + " with `dpscribe verify --key PUBLIC.pem`."
    }

    private func list(_ items: [String]) -> String {
        items.map { "- \($0)" }.joined(separator: "\n")
    }

    private static func method(_ guarantee: PrivacyGuarantee) -> String {
        let name = guarantee.accountant.rawValue
        return guarantee.order.map { "\(name), order \($0)" } ?? name
    }
}
