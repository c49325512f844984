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
            mechanism: Self.mechanism(record, description)
        )
        manifest.baseModel = PrivacyManifest.BaseModel(sha256: description.baseModel)
        for note in RunNotes(description).lines where !note.hasPrefix("NOT PRIVATE") {
            manifest.warnings.append(note)
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

    private static func mechanism(
        _ record: LedgerRecord,
        _ description: RunDescription
    ) -> PrivacyManifest.Mechanism {
        let plan = description.plan
        return PrivacyManifest.Mechanism(
            sampler: "poisson: each unit joins each step independently with probability q",
            unitCount: plan.schedule.unitCount,
            unitCountSource: description.datasetSizeSource.rawValue,
            samplingProbability: plan.schedule.samplingProbability,
            stepsPlanned: plan.schedule.steps,
            stepsSpent: record.stepCount,
            maxGradNorm: plan.maxGradNorm,
            noiseMultiplier: plan.noiseMultiplier,
            noiseKind: plan.noiseKind,
            divisor: plan.schedule.expectedBatchSize,
            optimizer: "AdamW on released gradients only",
            otherReleases: record.releases
        )
    }
}
