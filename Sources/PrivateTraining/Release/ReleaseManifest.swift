import Corpus
import DifferentialPrivacy

/// The manifest of a fine-tuned model.
struct ReleaseManifest {
    let manifest: PrivacyManifest

    /// States what ledger and description say.
    init(
        _ record: LedgerRecord,
        runs: [LedgerRecord],
        _ description: RunDescription
    ) throws(PrivacyError) {
        var manifest = try PrivacyManifest(
            record: record,
            runs: runs,
            protection: PrivacyManifest.Protection(
                of: .finetune,
                unit: description.plan.unit,
                relation: description.plan.relation,
                truncationTokens: description.settings.sequenceLength
            ),
            mechanism: PrivacyManifest.Mechanism(
                description.plan,
                unitCountSource: description.datasetSizeSource.rawValue,
                stepsSpent: record.stepCount,
                otherReleases: record.releases.filter { !$0.isLabelProbeStep },
                labelProbe: Self.labelProbe(record, description)
            )
        )
        manifest.baseModel = PrivacyManifest.BaseModel(
            sha256: description.baseModel,
            name: description.baseModelName
        )
        for note in RunNotes(description).lines where !note.hasPrefix("NOT PRIVATE") {
            manifest.warnings.append(note)
        }
        if record.hasDiagnostics { manifest.warnings.append(RunRelease.diagnosticsWarning) }
        let planned = description.plan.schedule.steps
        if let done = record.completedSteps, done < planned {
            manifest.warnings.append(
                "Training stopped after \(done) of \(planned) steps: steps that were computed again"
                    + " with other settings had used up the target."
            )
        }
        self.manifest = manifest
    }

    private static func labelProbe(
        _ record: LedgerRecord,
        _ description: RunDescription
    ) throws(PrivacyError) -> PrivacyManifest.LabelProbe? {
        guard let plan = description.plan.labelProbe else { return nil }
        return try PrivacyManifest.LabelProbe(
            plan,
            stepsSpent: record.releases.count(where: \.isLabelProbeStep),
            delta: description.plan.budget.delta,
            columns: description.labels.columns
        )
    }
}
