import DifferentialPrivacy
import Foundation
import TestData
import Testing

@testable import PrivacyVerification

/// What becomes of a release that somebody changes, whoever that is and however much they change.
@Suite struct ReleaseEditTests {
    private let folder: ReleaseFolder

    init() throws { folder = try ReleaseFolder() }

    private func audited() throws -> PrivacyManifest {
        var manifest = try MadeManifests.unseeded.get()
        manifest.contact = "privacy@example.org"
        manifest.auditResult = try MadeManifests.audit(manifest)
        return manifest
    }

    /// Whether these bytes in the place of `privacy.json`, and nothing else, are refused.
    private func isRefused(_ contents: [UInt8]) throws -> Bool {
        guard let manifest = try? PrivacyManifest(fileContents: contents, path: "") else {
            return true
        }
        return try !ReleaseFiles(of: manifest, contents: contents, in: folder.path).problems.isEmpty
    }

    @Test(arguments: [true, false]) func noEditOfTheStatementAlonePasses(isAudited: Bool) throws {
        try folder.fill(with: isAudited ? try audited() : try MadeManifests.seeded.get())
        let contents = try folder.manifestBytes
        #expect(try !isRefused(contents))
        let edits = try JSONEdit.all(of: contents)
        #expect(edits.count > 400)
        let passed = try edits.filter { try !isRefused($0.contents) }
        #expect(passed.isEmpty, "\(passed)")
    }

    /// With the page written anew, contradictions are all that can be found.
    ///
    /// These are the statements that nothing else in a release contradicts. A signature binds them;
    /// `PITFALLS.md` says so.
    @Test func onlyFreeStatementsCanBeRewrittenWithThePage() throws {
        try folder.fill(with: try audited())
        let contents = try folder.manifestBytes
        var free: Set<String> = []
        for edit in try JSONEdit.all(of: contents) {
            guard let manifest = try? PrivacyManifest(fileContents: edit.contents, path: ""),
                try manifest.fileContents() == edit.contents,
                ManifestConsistency(manifest).problems.isEmpty
            else { continue }
            free.insert(edit.path)
        }
        // Held to the files themselves, and computed again by `ManifestRecomputation`.
        let checkedElsewhere = free.filter {
            $0.hasPrefix("files") || $0.hasPrefix("spending.statement")
                || $0.hasPrefix("corpus.guarantee")
                || ["audit_result.epsilon_claimed", "audit_result.epsilon_lower_bound"].contains($0)
        }
        let known: Set = [
            "spending.target_epsilon", "mechanism.max_grad_norm", "mechanism.steps_planned",
            "ledger.run", "ledger.position.entries", "ledger.position.head", "ledger.header_sha256",
            "ledger.description_sha256", "base_model", "base_model.sha256", "base_model.name",
            "contact",
            "signed_by", "warnings", "build.commit", "audit_result.method", "audit_result.delta",
        ]
        #expect(
            free.subtracting(checkedElsewhere).subtracting(known).isEmpty,
            "\(free.subtracting(checkedElsewhere).subtracting(known).sorted())"
        )
    }

    /// Whoever rewrites everything has no key.
    @Test func noEditOfASignedReleasePassesWithItsPage() throws {
        let key = try SigningKey(
            file: try SignatureTests.write(SignatureTests.privateKey, in: folder)
        )
        var manifest = try audited()
        manifest.signedBy = key.verificationKey.id
        try folder.fill(with: manifest)
        try key.sign(releaseIn: folder.path)
        func problems(_ contents: [UInt8]) throws -> [String]? {
            guard let manifest = try? PrivacyManifest(fileContents: contents, path: "") else {
                return nil
            }
            return try SignatureCheck(
                of: manifest,
                contents: contents,
                in: folder.path,
                by: key.verificationKey
            ).problems
        }
        let contents = try folder.manifestBytes
        #expect(try problems(contents) == [])
        let passed = try JSONEdit.all(of: contents).filter { try problems($0.contents) == [] }
        #expect(passed.isEmpty, "\(passed)")
    }

    /// Named in no digest, and yet what a program might open.
    @Test(arguments: ["model.h5", "MODEL.H5", "model-00001-of-00002.safetensors", "tokenizer.json"])
    func aFileThatWouldBeTakenForAPartIsFound(name: String) throws {
        try folder.fill(with: try MadeManifests.unseeded.get())
        try Data("other".utf8).write(to: folder.url(name))
        let contents = try folder.manifestBytes
        let manifest = try PrivacyManifest(fileContents: contents, path: "")
        let files = try ReleaseFiles(of: manifest, contents: contents, in: folder.path)
        #expect(files.problems.count == 1 && files.unlisted == [name])
    }

    /// An unfinished run, a unit that is another, a total of other noise: contradictions whoever made them.
    @Test(arguments: 0..<8) func aContradictionIsFoundThoughThePageAgrees(edit: Int) throws {
        var manifest = try audited()
        manifest.files = []
        let before = ManifestConsistency(manifest).problems.count
        switch edit {
        case 0: manifest.ledger.isComplete = false
        case 1: manifest.protection.unit = .user(maxRecords: 9)
        case 2: manifest.protection.truncationTokens = 9
        case 3: manifest.mechanism.unitCountSource = "corpus"
        case 4: manifest.mechanism.optimizer = "AdamW on private gradients"
        case 5: manifest.spending.method = "trust me"
        case 6: manifest.knownLimits.removeLast()
        default:
            manifest.corpus.event = .training(
                noiseMultiplier: 4.12,
                samplingProbability: 0.3,
                steps: 50
            )
        }
        #expect(ManifestConsistency(manifest).problems.count == before + 1)
    }
}
