package import Checkpoints
package import DifferentialPrivacy
import Foundation
import Training

/// What weights that came from a private corpus guarantee: `provenance.json` beside a copy of them.
///
/// `export` and `import` write it and carry it on, and so does what is sampled from the copy. It is a
/// mark, not a statement to sign: `release` makes that one.
package struct ModelProvenance: Codable, Equatable, Sendable {
    /// The file's name.
    package static let fileName = PublicBase.markName

    /// The form of the file.
    package private(set) var schema = 1
    /// Name and version of the product that wrote it.
    package private(set) var product = "dpscribe " + ProductVersion.current
    /// The command that the guarantee comes from.
    package let method: RunMethod
    /// False if nothing is promised: NOT PRIVATE.
    package private(set) var isPrivate: Bool
    /// False if the run had steps left: then ε is that of the whole plan, or what was spent if more.
    package let isFinished: Bool
    /// ε is infinite, written "inf", if there was no target.
    package let guarantee: PrivacyGuarantee
    /// How far an unfinished run had come; nil for one that is finished.
    package private(set) var progress: Progress?
    /// What is protected.
    package let unit: PrivacyUnit
    /// Which corpora are neighbours.
    package let relation: NeighboringRelation
    /// The run, 32 hexadecimal digits.
    package let run: String
    /// What a reader must not overlook, NOT PRIVATE first.
    package private(set) var warnings: [String]

    /// How far a run had come when its weights were read.
    package struct Progress: Codable, Equatable, Sendable {
        /// The step that the weights are of; nil if no weights were read.
        package let step: Int?
        /// Steps that were planned, or iterations of an evolution.
        package let steps: Int
        /// What the ledger's entries cost so far; infinite, written "inf", without a target.
        package let spent: PrivacyGuarantee
    }

    private enum CodingKeys: String, CodingKey {
        case schema, product, method, guarantee, progress, unit, relation, run, warnings
        case isPrivate = "private"
        case isFinished = "finished"
    }

    /// What the run, release or marked copy in that folder guarantees; nil for a plain model.
    ///
    /// A run is asked by its ledger, a release by its `privacy.json`.
    ///
    /// - Parameters:
    ///   - folder: The run, release or copy.
    ///   - weights: Those of the folder, if they are open: a finished run's must be its last ones.
    ///   - witness: What tells of a run how far its ledger had come.
    /// - Throws: `LedgerError` for a ledger that is damaged or shorter than a file of the run knows,
    ///   or a description other than the ledger's; `PrivacyError`, `ManifestError`,
    ///   `TrainingError.damagedRun` for a damaged mark or a lost description.
    package init?(
        of folder: String,
        weights: ModelWeights? = nil,
        checkedBy witness: LedgerWitness
    ) throws {
        let run = RunFolder(path: folder)
        // Asked before, as a folder without a ledger may be a plain model.
        if try run.isRun() {
            guard let record = try run.record(checkedBy: witness) else { return nil }
            switch record.header.method {
            case .finetune: try Self.check(record, in: folder, weights)
            // It has no weights, and its texts are bound to their manifest.
            case .evolve: break
            }
            try self.init(record, step: weights?.header?.step)
            return
        }
        let (release, mark) = (
            folder + "/" + PrivacyManifest.fileName, folder + "/" + Self.fileName
        )
        if let bytes = try SystemFiles().contents(of: release) {
            self.init(try PrivacyManifest(fileContents: bytes, path: release))
        } else if let bytes = try SystemFiles().contents(of: mark) {
            try self.init(fileContents: bytes, path: mark)
        } else {
            return nil
        }
    }

    /// Holds a run's description, and its weights if it is finished, to its ledger.
    private static func check(
        _ record: LedgerRecord,
        in folder: String,
        _ weights: ModelWeights?
    ) throws {
        _ = try RunDescription.read(from: folder, of: record.header)
        guard record.isFinished else { return }
        let weights = try weights ?? ModelFolder(path: folder).openWeights()
        try RunFiles(folder: folder).requireFinal(weights.header, record)
    }

    private init(_ record: LedgerRecord, step: Int?) throws {
        let header = record.header
        method = header.method
        isPrivate = header.isPrivate
        isFinished = record.isFinished
        guarantee = try Self.guarantee(of: record)
        progress =
            record.isFinished
            ? nil
            : Progress(
                step: step,
                steps: header.planned.map(\.count).max() ?? 0,
                spent: try record.guarantee() ?? .vacuous
            )
        unit = header.unit
        relation = header.relation
        run = header.runIdentifier
        warnings =
            (header.budget == .unlimited ? ["NOT PRIVATE: the run had no target."] : [])
            + (header.isInsecure
                ? ["NOT PRIVATE: the randomness follows from --insecure-seed."] : [])
            + (record.hasDiagnostics ? [RunRelease.diagnosticsWarning] : [])
    }

    private init(_ manifest: PrivacyManifest) {
        let protection = manifest.protection
        method = manifest.method
        isPrivate = manifest.isPrivate
        isFinished = true
        guarantee = manifest.guarantee ?? .vacuous
        unit =
            protection.unit == "user"
            ? .user(maxRecords: protection.maxRecordsPerUnit) : .record
        relation = protection.relation
        run = manifest.ledger.run
        warnings = manifest.warnings
    }

    private init(fileContents bytes: [UInt8], path: String) throws {
        do {
            self = try JSONDecoder.spellingInfinity().decode(Self.self, from: Data(bytes))
        } catch {
            throw TrainingError.damagedRun(
                path: path,
                problem: "it does not say where the weights come from"
            )
        }
    }

    /// What a run's ledger says; of one that has steps left, what they will cost as well.
    ///
    /// Whoever takes a model out of a run has seen how good it is by then, so that the number of
    /// steps is no constant fixed beforehand: the plan's ε is promised, not that of the steps so far.
    private static func guarantee(of record: LedgerRecord) throws -> PrivacyGuarantee {
        guard let spent = try record.guarantee() else { return .vacuous }
        guard !record.isFinished else { return spent }
        let planned = try PrivacyAccounting.guarantee(
            of: record.header.plannedEvent,
            delta: spent.delta
        )
        return planned.epsilon < spent.epsilon ? spent : planned
    }
}

extension ModelProvenance {
    /// The mark of weights that leave their run's folder: before its end they are NOT PRIVATE.
    package var ofCopy: ModelProvenance {
        guard !isFinished, isPrivate else { return self }
        var copy = self
        copy.isPrivate = false
        copy.warnings.insert(
            "NOT PRIVATE: copied before the run was finished, while its secret exists. Finish it,"
                + " then use `dpscribe release`.",
            at: 0
        )
        return copy
    }

    /// Writes the mark into a folder of weights.
    ///
    /// - Throws: `LedgerError` if it is there already or cannot be written.
    package func write(to folder: String) throws {
        let json = try JSONEncoder.spellingInfinity(.prettyPrinted).encode(self)
        try SystemFiles().writeNewFile(
            folder + "/" + Self.fileName,
            Array(json) + [UInt8(ascii: "\n")]
        )
    }
}
