import Checkpoints
import DifferentialPrivacy
import Evaluation
import Foundation
import PrivateEvolution
import PrivateTraining
import Training

/// What synthetic text guarantees, in a file beside it: `synthetic.csv.privacy.json`.
///
/// It is bound to the text by a digest, so that it says nothing about a file that was changed or
/// replaced. It names the run and holds public facts only.
struct TextManifest: Codable, Equatable {
    private static let ending = ".privacy.json"

    let schema: Int
    let product: String
    /// The command that the guarantee comes from.
    let method: RunMethod
    let isPrivate: Bool
    /// ε is infinite, written "inf", if nothing is promised.
    let guarantee: PrivacyGuarantee
    /// How far the run had come, if it was not finished; `guarantee` is then that of its whole plan.
    let progress: ModelProvenance.Progress?
    let unit: PrivacyUnit
    let relation: NeighboringRelation
    let run: String
    /// SHA-256 of the file of texts, in hexadecimal.
    private(set) var textDigest: String

    private enum CodingKeys: String, CodingKey {
        case schema, product, method, guarantee, progress, unit, relation, run
        case isPrivate = "private"
        case textDigest = "text_sha256"
    }

    /// What text of the run in that folder guarantees; nil if it is none.
    ///
    /// - Throws: What `ModelProvenance` throws.
    init?(of folder: String) throws {
        guard let origin = try ModelProvenance(of: folder, checkedBy: .allRuns) else { return nil }
        self.init(origin)
    }

    /// What text of a model of that origin guarantees.
    init(_ origin: ModelProvenance) {
        schema = 1
        product = "dpscribe " + ProductVersion.current
        method = origin.method
        isPrivate = origin.isPrivate
        guarantee = origin.guarantee
        progress = origin.progress
        unit = origin.unit
        relation = origin.relation
        run = origin.run
        textDigest = ""
    }

    /// Writes the manifest of a file that is there.
    ///
    /// - Throws: `CheckpointError`, or what the disk refuses.
    func write(beside file: String) throws {
        var manifest = self
        manifest.textDigest = try FileDigest(of: file).description
        let bytes =
            try JSONEncoder.spellingInfinity(.prettyPrinted).encode(manifest) + Data("\n".utf8)
        try bytes.write(to: URL(filePath: file + Self.ending), options: .atomic)
    }

    /// Writes the manifests of the texts of a finished evolution, those of each iteration among them.
    ///
    /// Whichever of them is used, all that the run released is within its ε. A manifest that is there
    /// stays, so that a text that was changed afterwards is not taken for the run's.
    ///
    /// - Throws: `CheckpointError`, `LedgerError`, or what the disk refuses.
    func write(besideTextsOf run: String, iterations: Int) throws {
        for file in try EvolutionFolder(path: run).texts(iterations: iterations)
        where !FileManager.default.fileExists(atPath: file + Self.ending) {
            try write(beside: file)
        }
    }

    /// Removes the manifest of a text that is no longer there.
    static func remove(beside file: String) throws {
        let path = file + ending
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// Reads the manifest of a file; nil if it has none.
    ///
    /// - Throws: `ToolError.integrityViolated` if it cannot be read.
    static func read(beside file: String) throws -> TextManifest? {
        let path = file + ending
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do { return try JSONDecoder.spellingInfinity().decode(Self.self, from: data) } catch {
            throw ToolError.integrityViolated("\(path): not a manifest; restore or remove it")
        }
    }

    /// Whether the file is the one that the manifest was written for.
    func describes(_ file: String) throws -> Bool {
        try FileDigest(of: file).description == textDigest
    }

    /// The same as a row of a comparison states it.
    var claim: PrivacyClaim {
        let unit =
            switch unit {
            case .record: PrivacyTerms.record
            case .user: PrivacyTerms.user
            }
        return PrivacyClaim(
            epsilon: isPrivate ? guarantee.epsilon : .infinity,
            delta: guarantee.delta,
            unit: unit,
            relation: PrivacyTerms.addOrRemove,
            accountant: guarantee.accountant.rawValue,
            source: .manifest
        )
    }
}
