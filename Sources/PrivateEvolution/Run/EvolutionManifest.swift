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
        manifest = try PrivacyManifest(
            record: record,
            runs: runs,
            protection: PrivacyManifest.Protection(
                of: .evolve,
                unit: plan.unit,
                relation: record.header.relation,
                truncationTokens: nil
            ),
            mechanism: PrivacyManifest.Mechanism(
                histograms: record.releases.count,
                planned: plan.settings.releaseCount,
                noiseMultiplier: plan.noiseMultiplier
            )
        )
    }
}
