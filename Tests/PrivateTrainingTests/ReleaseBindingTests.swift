import Corpus
import DifferentialPrivacy
import Foundation
import TestData
import Testing
import Training

@testable import PrivacyVerification
@testable import PrivateTraining

/// Releases of runs of every kind, and whoever changes something in them.
@Suite struct ReleaseBindingTests {
    enum Kind: CaseIterable {
        case plain, adapters, users, labelCounts, labelProbe, audited, seeded
    }

    private let workspace: RunWorkspace
    private let out: String

    init() throws {
        workspace = try RunWorkspace()
        out = workspace.folder + "/released"
    }

    /// Trains, and releases.
    private func release(_ kind: Kind) throws {
        var request = workspace.request()
        if kind != .seeded { request.run.insecureSeed = nil }
        switch kind {
        case .plain: request.datasetSize = nil
        case .adapters: request.loraRank = 2
        case .users:
            request.columns = ColumnSelection(text: "text", labels: ["topic"], user: "user")
            request.maxRecordsPerUser = 2
            request.datasetSize = 6
            request.batchSize = 2
        case .labelCounts: request.labelCountsEpsilon = 2
        case .labelProbe: request = LabelProbeRunTests.probed(request)
        case .audited, .seeded: break
        }
        _ = try workspace.run(request)
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        _ = try RunRelease(run: request.run.folder)
            .write(to: out, audit: kind == .audited ? try audit() : nil)
    }

    private func audit() throws -> RunRelease.Audit {
        let build = String(
            decoding: try JSONEncoder().encode(PrivacyManifest.BuildDescription()),
            as: UTF8.self
        )
        func epsilon(_ mu: Double) throws -> Double {
            let event = PrivacyEvent.gaussian(noiseMultiplier: 1 / mu)
            return try PrivacyAccounting.guarantee(of: event, delta: 1e-5, accountant: .gaussian)
                .epsilon
        }
        let json = """
            {"product":"dpscribe \(ProductVersion.current)","build":\(build),"method":"two worlds",
            "confidence":0.99,"within_claim":true,"mu_claimed":3,"mu_lower_bound":2.5,"delta":1e-5,
            "epsilon_claimed":\(try epsilon(3)),"epsilon_lower_bound":\(try epsilon(2.5)),
            "draws":1000,"note":"\(AuditStatement.standardNote)"}
            """
        return RunRelease.Audit(
            statement: try AuditStatement(fileContents: Array(json.utf8), path: "audit.json"),
            path: "audit.json"
        )
    }

    private func isRefused(_ contents: [UInt8]) throws -> Bool {
        guard let manifest = try? PrivacyManifest(fileContents: contents, path: "") else {
            return true
        }
        return try !ReleaseFiles(of: manifest, contents: contents, in: out).problems.isEmpty
    }

    @Test("A release is verified, and no edit of its statement is", arguments: Kind.allCases)
    func noEditPasses(kind: Kind) throws {
        try release(kind)
        #expect(try ManifestCheck(folder: out).problems == [])
        let path = out + "/" + PrivacyManifest.fileName
        let contents = Array(try Data(contentsOf: URL(filePath: path)))
        let edits = try JSONEdit.all(of: contents)
        let passed = try edits.filter { try !isRefused($0.contents) }
        #expect(edits.count > 400 && passed.isEmpty, "\(passed)")
    }

    @Test("Swapped weights, and weights beside the released ones, are found")
    func swappedWeights() throws {
        try release(.labelCounts)
        let weights = URL(filePath: out + "/model.safetensors")
        let released = try Data(contentsOf: weights)
        var other = released
        other[other.count - 1] ^= 1
        try other.write(to: weights)
        #expect(try ManifestCheck(folder: out).problems.count == 1)
        try released.write(to: weights)
        #expect(try ManifestCheck(folder: out).problems == [])
        try other.write(to: URL(filePath: out + "/model.h5"))
        #expect(try ManifestCheck(folder: out).problems.count == 1)
    }
}
