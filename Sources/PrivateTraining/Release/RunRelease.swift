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
        var manifest = try PrivacyManifest(
            ofModel: description,
            record: record,
            runs: runs,
            naming: name
        )
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

extension PrivacyManifest {
    /// The manifest of a fine-tuned model: what ledger and description say.
    fileprivate init(
        ofModel description: RunDescription,
        record: LedgerRecord,
        runs: [LedgerRecord],
        naming name: (Setting) -> String
    ) throws(PrivacyError) {
        try self.init(of: description, record: record, runs: runs)
        baseModel = BaseModel(sha256: description.baseModel, name: description.baseModelName)
        let notes = description.notes.lines.map { $0.spelled(by: name) }
        warnings += notes.filter { !$0.hasPrefix("NOT PRIVATE") }
        if record.hasDiagnostics { warnings.append(PrivacyManifest.diagnosticsWarning) }
        let planned = description.plan.schedule.steps
        if let done = record.completedSteps, done < planned {
            warnings.append(
                "Training stopped after \(done) of \(planned) steps: steps that were computed again"
                    + " with other settings had used up the target."
            )
        }
    }
}
