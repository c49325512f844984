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
            protection: Self.protection(description),
            mechanism: PrivacyManifest.Mechanism(
                description.plan,
                unitCountSource: description.datasetSizeSource.rawValue,
                stepsSpent: record.stepCount,
                optimizer: "AdamW on released gradients only",
                otherReleases: record.releases
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

    private static func protection(_ description: RunDescription) -> PrivacyManifest.Protection {
        let tokens = description.settings.sequenceLength
        let plan = description.plan
        return switch plan.unit {
        case .record:
            PrivacyManifest.Protection(
                relation: plan.relation,
                unit: "record",
                unitDefinition: "A record is one row of the corpus with its labels, cut to "
                    + "\(tokens) tokens.",
                maxRecordsPerUnit: 1,
                truncationTokens: tokens
            )
        case .user(let most):
            PrivacyManifest.Protection(
                relation: plan.relation,
                unit: "user",
                unitDefinition: "A user is all rows with one value of the user column, of which at "
                    + "most \(most) are used, each cut to \(tokens) tokens.",
                maxRecordsPerUnit: most,
                truncationTokens: tokens
            )
        }
    }
}
