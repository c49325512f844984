import Checkpoints
import Corpus
package import DifferentialPrivacy
import Foundation
import LabelProbe
import LanguageModel
package import Messages
import Training

/// A finished run, opened to give its model away with a statement of what that costs.
///
/// An unfinished run is refused: its secret still exists, and ε is promised for the T steps that
/// were fixed beforehand, not for a number of steps chosen by looking at what they gave.
package struct RunRelease {
    /// The public label columns and their values, in the form of `run.json`.
    package static let labelsName = "labels.json"

    /// Said of a run whose ledger remembers diagnostics, whether or not their file is still there.
    static let diagnosticsWarning =
        "Private diagnostics of this run were written for its curator. They are not part of this"
        + " release and have no guarantee."

    /// An audit that is stated with a release, and the file it was read from.
    package struct Audit: Sendable {
        let statement: AuditStatement
        let path: String

        /// Names both.
        package init(statement: AuditStatement, path: String) {
            self.statement = statement
            self.path = path
        }
    }

    private let folder: String
    private let record: LedgerRecord
    private let runs: [LedgerRecord]
    private let description: RunDescription
    private let model: DecoderParameters
    private let tokenizer: BytePairTokenizer

    /// Opens and checks a run; changes nothing.
    ///
    /// - Parameters:
    ///   - folder: The run's.
    ///   - witness: What tells of each run how far its ledger had come, checkpoints among it.
    /// - Throws: `LedgerError` for a ledger that is damaged, missing or shorter than the checkpoint,
    ///   `TrainingError.unfinished`, `.damagedRun`, `CheckpointError`, `CorpusError`.
    package init(
        run folder: String,
        checkedBy witness: LedgerWitness = .checkpoints
    ) throws {
        self.folder = folder
        let runFolder = RunFolder(path: folder)
        guard let record = try runFolder.record(checkedBy: witness) else {
            throw CheckpointError.noSuchFile(path: folder)
        }
        description = try RunDescription.read(from: folder, of: record.header)
        guard record.isFinished else { throw TrainingError.unfinished(path: folder) }
        let weights = try ModelFolder(path: folder).openWeights()
        try RunFiles(folder: folder).requireFinal(weights.header, record)
        self.record = record
        runs = try LedgerDirectory(path: runFolder.parent)
            .runs(like: record.header, checkedBy: witness).records
        let opened = try TokenizedModel(folder: folder, weights: weights)
        (model, tokenizer) = (opened.parameters, opened.tokenizer)
    }

    /// Writes weights, tokenizer, labels, manifest and page into an empty folder, and nothing else.
    ///
    /// - Parameters:
    ///   - out: The folder.
    ///   - contact: Whom to ask about the release, if anybody.
    ///   - audit: What an audit of this build found, if there was one.
    ///   - signer: The key that the manifest will be signed with, if any.
    ///   - name: How the manifest's sentences name a setting.
    /// - Returns: The manifest, as written.
    /// - Throws: `CheckpointError`, `CorpusError`, `LedgerError.fileFailed`, `PrivacyError`;
    ///   `ManifestError` if the audit is of another build, or refutes it.
    package func write(
        to out: String,
        contact: String? = nil,
        audit: Audit? = nil,
        signer: ContentDigest? = nil,
        naming name: (Setting) -> String = \.rawValue
    ) throws -> PrivacyManifest {
        var manifest = try ReleaseManifest(record, runs: runs, description, naming: name)
            .manifest
        manifest.contact = contact
        manifest.signedBy = signer
        if let audit {
            try audit.statement.require(
                product: manifest.product,
                build: manifest.build,
                path: audit.path
            )
            manifest.auditResult = audit.statement
        }
        try tokenizer.save(to: out)
        try ModelFolder.write(
            model,
            to: out,
            as: .safetensors,
            endOfText: tokenizer.endOfText,
            beginningOfText: tokenizer.beginningOfText,
            productVersion: ProductVersion.current
        )
        let files = SystemFiles()
        if let counts = try files.contents(of: folder + "/" + LabelCountsRelease.fileName) {
            try files.writeNewFile(out + "/" + LabelCountsRelease.fileName, counts)
        }
        if !description.labels.columns.isEmpty {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let bytes = Array(try encoder.encode(description.labels)) + [UInt8(ascii: "\n")]
            try files.writeNewFile(out + "/" + Self.labelsName, bytes)
        }
        if let probe = try LabelProbeFile.read(
            from: folder,
            parameters: model,
            beginningOfText: tokenizer.beginningOfText
        ) {
            try LabelProbeFile.write(probe, to: out, isPrivate: false)
        }
        for name in try files.names(in: out) ?? [] {
            manifest.files.append(try ReleasedFile(name, in: out))
        }
        try manifest.write(to: out)
        return manifest
    }
}

/// The manifest of a fine-tuned model.
struct ReleaseManifest {
    let manifest: PrivacyManifest

    /// States what ledger and description say.
    init(
        _ record: LedgerRecord,
        runs: [LedgerRecord],
        _ description: RunDescription,
        naming name: (Setting) -> String
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
        let notes = RunNotes(description).lines.map { $0.spelled(by: name) }
        manifest.warnings += notes.filter { !$0.hasPrefix("NOT PRIVATE") }
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
