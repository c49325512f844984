package import DifferentialPrivacy

/// Makes the manifest of an evolution's texts: the same `privacy.json` as a released model has.
package struct EvolutionManifest {
    /// What the texts guarantee; its list of files is empty.
    package let manifest: PrivacyManifest

    /// States what ledger and plan say.
    ///
    /// - Parameters:
    ///   - plan: The plan of the run.
    ///   - record: Its ledger.
    ///   - runs: All ledgers on the same corpus, this one among them.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    package init(
        plan: EvolutionPlan,
        record: LedgerRecord,
        runs: [LedgerRecord]
    ) throws(PrivacyError) {
        var manifest = try PrivacyManifest(
            record: record,
            runs: runs,
            protection: Self.protection(plan, record.header.relation),
            mechanism: PrivacyManifest.Mechanism(
                histograms: record.releases.count,
                planned: plan.settings.releaseCount,
                noiseMultiplier: plan.noiseMultiplier
            )
        )
        manifest.sampling =
            "proposed by a generator that sees no private record, and kept by noisy votes alone; ε"
            + " covers the texts and noisy counts of all iterations together"
        self.manifest = manifest
    }

    private static func protection(
        _ plan: EvolutionPlan,
        _ relation: NeighboringRelation
    ) -> PrivacyManifest.Protection {
        switch plan.unit {
        case .record:
            PrivacyManifest.Protection(
                relation: relation,
                unit: "record",
                unitDefinition: "A record is one row of the corpus; its votes have L2 norm 1.",
                maxRecordsPerUnit: 1,
                truncationTokens: nil
            )
        case .user(let most):
            PrivacyManifest.Protection(
                relation: relation,
                unit: "user",
                unitDefinition: "A user is all rows with one value of the user column, of which at "
                    + "most \(most) vote; the votes together have L2 norm 1.",
                maxRecordsPerUnit: most,
                truncationTokens: nil
            )
        }
    }
}
