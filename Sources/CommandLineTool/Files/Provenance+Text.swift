import Checkpoints
import DifferentialPrivacy
import Evaluation
import Foundation
import PrivateEvolution
import PrivatePrediction
import PrivateTraining

/// What synthetic text guarantees, in a file beside it: `synthetic.csv.privacy.json`.
extension Provenance {
    private static let ending = ".privacy.json"

    /// Writes the mark of a text that is there, bound to it.
    ///
    /// - Throws: `CheckpointError`, or what the disk refuses.
    func write(beside file: String) throws {
        let bound = bound(toText: try FileDigest(of: file).description)
        let bytes =
            try JSONEncoder.spellingInfinity(.prettyPrinted).encode(bound) + Data("\n".utf8)
        try bytes.write(to: URL(filePath: file + Self.ending), options: .atomic)
    }

    /// Writes the marks of the texts of a finished evolution, those of each iteration among them.
    ///
    /// Whichever of them is used, all that the run released is within its ε. A mark that is there stays, so
    /// that a text that was changed afterwards is not taken for the run's.
    ///
    /// - Throws: `CheckpointError`, `LedgerError`, or what the disk refuses.
    func write(besideTextsOf run: String, iterations: Int) throws {
        for file in try EvolutionFolder(path: run).texts(iterations: iterations)
        where !FileManager.default.fileExists(atPath: file + Self.ending) {
            try write(beside: file)
        }
    }

    /// Writes the mark of the texts of a finished prediction; one that is there stays.
    ///
    /// - Throws: `CheckpointError`, `LedgerError`, or what the disk refuses.
    func write(besideTextOf run: String) throws {
        guard let file = PredictionFolder(path: run).text,
            !FileManager.default.fileExists(atPath: file + Self.ending)
        else { return }
        try write(beside: file)
    }

    /// Removes the mark of a text that is no longer there.
    static func remove(beside file: String) throws {
        let path = file + ending
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// Reads the mark of a text; nil if it has none.
    ///
    /// - Throws: `ToolError.integrityViolated` if it cannot be read.
    static func read(beside file: String) throws -> Provenance? {
        let path = file + ending
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let mark = try? JSONDecoder.spellingInfinity().decode(Self.self, from: data),
            mark.textDigest != nil
        else {
            throw ToolError.integrityViolated("\(path): not a manifest; restore or remove it")
        }
        return mark
    }

    /// Whether the text is the one that the mark was written for.
    func describes(_ file: String) throws -> Bool {
        try FileDigest(of: file).description == textDigest
    }

    /// The same as a row of a comparison states it.
    var claim: PrivacyClaim {
        let claimed: PrivacyClaim.Unit =
            switch unit {
            case .record: .record
            case .user: .user
            }
        return PrivacyClaim(
            epsilon: isPrivate ? guarantee.epsilon : .infinity,
            delta: guarantee.delta,
            unit: .known(claimed),
            relation: .known(.addOrRemove),
            accountant: guarantee.accountant.rawValue,
            source: .manifest
        )
    }
}
