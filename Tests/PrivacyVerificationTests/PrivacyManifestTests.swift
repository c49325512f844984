import Foundation
import Testing

@testable import DifferentialPrivacy
@testable import PrivacyVerification

@Suite struct PrivacyManifestTests {
    private let folder: ReleaseFolder

    init() throws { folder = try ReleaseFolder() }

    private func manifest(isInsecure: Bool = false) throws -> PrivacyManifest {
        try (isInsecure ? MadeManifests.seeded : MadeManifests.unseeded).get()
    }

    private func release(_ manifest: PrivacyManifest) throws { try folder.fill(with: manifest) }

    @Test func aManifestSurvivesItsFile() throws {
        let manifest = try manifest()
        let bytes = try manifest.fileContents()
        #expect(try PrivacyManifest(fileContents: bytes, path: "privacy.json") == manifest)
        #expect(manifest.isPrivate && manifest.epsilon > 0 && manifest.epsilon.isFinite)
        #expect(try manifest.page.contains("add"))
        #expect(manifest.build.executable?.utf8.count == 64)
        #expect(manifest.spending.method?.contains("orders from 1.01 to 2048.0") == true)
        var signed = manifest
        signed.contact = "privacy@example.org"
        #expect(try signed.page.contains("privacy@example.org"))
        let rows = try manifest.page.split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(Set(rows).count == rows.count)
    }

    @Test func anHonestReleaseIsVerified() throws {
        try release(try manifest())
        try Data().write(to: URL(filePath: folder.path + "/notes.txt"))
        let check = try ManifestCheck(folder: folder.path)
        #expect(check.problems == [])
        #expect(check.recomputed?.agrees == true)
        #expect(check.unlisted == ["notes.txt"])
    }

    @Test(arguments: 0..<9) func everyEditIsFound(edit: Int) throws {
        var manifest = try manifest()
        let statement = try #require(manifest.spending.statement)
        switch edit {
        case 0: manifest.epsilon *= 0.99
        case 1: manifest.delta = 1e-3
        case 2: manifest.mechanism.noiseMultiplier *= 1.01
        case 3: manifest.mechanism.stepsSpent -= 1
        case 4: manifest.mechanism.divisor = 7
        case 5: manifest.spending.event = .repeated(.gaussian(noiseMultiplier: 50), count: 50)
        case 6: manifest.corpus.runs = 0
        case 7: manifest.randomness.isInsecure = true
        default: manifest.spending.targetEpsilon = statement.guarantee.epsilon * 0.9
        }
        #expect(ManifestConsistency(manifest).problems != [])
    }

    /// Consistent in itself, but not what follows from the event.
    @Test(arguments: ["guarantee", "profile", "without_amplification", "groups"])
    func aFigureThatDoesNotFollowIsFound(part: String) throws {
        let manifest = try manifest()
        let statement = try #require(manifest.spending.statement)
        let old =
            switch part {
            case "guarantee": statement.guarantee.epsilon
            case "profile": statement.profile[3].epsilon
            case "groups": try #require(statement.groups[2]).epsilon
            default: statement.withoutAmplification.epsilon
            }
        let text = String(decoding: try manifest.fileContents(), as: UTF8.self)
        // What is said of groups is a bound by Rényi divergences, above the truth by a tenth or so.
        let share = part == "groups" ? 0.75 : 0.97
        let edited = text.replacing("\(old)", with: "\(share * old)")
        #expect(edited != text)
        let other = try PrivacyManifest(fileContents: Array(edited.utf8), path: "privacy.json")
        #expect(ManifestConsistency(other).problems == ManifestConsistency(manifest).problems)
        let problems = ManifestRecomputation(other).problems
        #expect(problems.count == 1, "\(problems)")
    }

    @Test(arguments: ["model.safetensors", PrivacyManifest.pageName])
    func aChangedOrMissingFileIsFound(name: String) throws {
        try release(try manifest())
        let file = URL(filePath: folder.path + "/" + name)
        try Data("other".utf8).write(to: file)
        #expect(try ManifestCheck(folder: folder.path).problems.count == 1)
        try FileManager.default.removeItem(at: file)
        #expect(try ManifestCheck(folder: folder.path).problems.count == 1)
    }

    @Test func withoutAnAuditItSaysSo() throws {
        let manifest = try manifest()
        #expect(manifest.auditResult == nil && manifest.audit.hasPrefix("none was supplied"))
        #expect(try manifest.page.contains("Audit: none was supplied"))
    }

    @Test func anAuditOfTheSameBuildIsStatedAndVerified() throws {
        var manifest = try manifest()
        let audit = try MadeManifests.audit(manifest)
        try audit.require(product: manifest.product, build: manifest.build, path: "audit.json")
        manifest.auditResult = audit
        for part in ["99 % confidence", "μ = 3.0000", "at least μ = 2.5000", "not a proof"] {
            #expect(try manifest.page.contains(part), "\(part)")
        }
        try release(manifest)
        #expect(try ManifestCheck(folder: folder.path).problems == [])
    }

    @Test(arguments: 0..<6) func anAuditThatSaysSomethingElseIsFound(edit: Int) throws {
        var manifest = try manifest()
        var audit = try MadeManifests.audit(manifest)
        switch edit {
        case 0: audit.product = "dpscribe 9"
        case 1: audit.build.executable = String(repeating: "0", count: 64)
        case 2: audit.isWithinClaim = false
        case 3: audit.lowerBoundOfMu = 3.5
        case 4: audit.note = "a proof"
        default: audit.lowerBoundOfEpsilon *= 0.9
        }
        manifest.auditResult = audit
        let found =
            ManifestConsistency(manifest).problems + ManifestRecomputation(manifest).problems
        #expect(found.contains { $0.contains("audit") }, "\(found)")
    }

    @Test func whatIsSaidOfAnAuditFollowsFromIt() throws {
        var manifest = try manifest()
        manifest.auditResult = try MadeManifests.audit(manifest)
        let text = String(decoding: try manifest.fileContents(), as: UTF8.self)
        let edited = text.replacing("at least μ = 2.5000", with: "at least μ = 2.0000")
        #expect(edited != text)
        let other = try PrivacyManifest(fileContents: Array(edited.utf8), path: "privacy.json")
        let before = ManifestConsistency(manifest).problems.count
        #expect(ManifestConsistency(other).problems.count == before + 1)
    }

    @Test func whatIsNoAuditIsRefused() throws {
        for text in ["", "{}", "[]"] {
            #expect(throws: ManifestError.unreadableAudit(path: "x")) {
                try AuditStatement(fileContents: Array(text.utf8), path: "x")
            }
        }
    }

    @Test func aSecretBesideAReleaseIsFound() throws {
        try release(try manifest())
        try Data().write(to: URL(filePath: folder.path + "/secret"))
        #expect(try ManifestCheck(folder: folder.path).problems.count == 1)
    }

    @Test(arguments: [true, false]) func aSeededOrUnlimitedRunIsNotPrivate(
        isSeeded: Bool
    ) throws {
        let manifest =
            isSeeded
            ? try manifest(isInsecure: true)
            : try MadeManifests.make(isInsecure: false, isUnlimited: true)
        #expect(isSeeded || manifest.epsilon == .infinity)
        #expect(manifest.corpus.guarantee?.epsilon ?? .infinity == .infinity)
        #expect(!manifest.isPrivate)
        #expect(manifest.warnings.first?.hasPrefix("NOT PRIVATE") == true)
        #expect(try manifest.page.contains("no privacy guarantee"))
        try release(manifest)
        #expect(try ManifestCheck(folder: folder.path).problems == [])
    }

    @Test func whatIsNoManifestIsRefused() throws {
        #expect(throws: ManifestError.missing(path: folder.path + "/privacy.json")) {
            try ManifestCheck(folder: folder.path)
        }
        #expect(throws: ManifestError.unreadable(path: "x")) {
            try PrivacyManifest(fileContents: Array("{}".utf8), path: "x")
        }
        for schema in [1, 2, 9] {
            #expect(throws: ManifestError.unknownSchema(path: "x", schema: schema)) {
                try PrivacyManifest(fileContents: Array("{\"schema\":\(schema)}".utf8), path: "x")
            }
        }
    }
}
