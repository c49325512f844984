package import Checkpoints
package import DifferentialPrivacy
import Foundation
import Training

/// Where weights come from, as the folder that they are in says.
extension Provenance {
    /// The name of the mark beside copied weights.
    package static let fileName = PublicBase.markName

    private static let product = "dpscribe " + ProductVersion.current

    /// What the run, release or marked copy in that folder guarantees; nil for a plain model.
    ///
    /// A run is asked by its ledger, a release by its `privacy.json`.
    ///
    /// - Parameters:
    ///   - folder: The run, release or copy.
    ///   - weights: Those of the folder, if they are open: a finished run's must be its last ones.
    ///   - witness: What tells of a run how far its ledger had come.
    /// - Throws: `LedgerError` for a ledger that is damaged or shorter than a file of the run knows,
    ///   or a description other than the ledger's; `RunError`, `PrivacyError`, `ManifestError`,
    ///   `TrainingError.damagedRun` for a damaged mark or a lost checkpoint.
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
            case .evolve, .fewshot: break
            }
            try self.init(record, step: weights?.header?.step, product: Self.product)
            return
        }
        let (release, mark) = (
            folder + "/" + PrivacyManifest.fileName, folder + "/" + Self.fileName
        )
        if let bytes = try SystemFiles().contents(of: release) {
            let manifest = try PrivacyManifest(fileContents: bytes, path: release)
            self.init(manifest, product: Self.product)
        } else if let bytes = try SystemFiles().contents(of: mark) {
            try self.init(ofMark: bytes, path: mark)
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

    private init(ofMark bytes: [UInt8], path: String) throws {
        do {
            self = try JSONDecoder.spellingInfinity().decode(Self.self, from: Data(bytes))
        } catch {
            throw TrainingError.damagedRun(
                path: path,
                problem: "it does not say where the weights come from"
            )
        }
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
