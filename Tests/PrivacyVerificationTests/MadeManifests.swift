import Foundation

@testable import DifferentialPrivacy
@testable import PrivacyVerification

/// Manifests of runs that were reserved and never computed.
enum MadeManifests {
    /// The manifest of a run of fifty steps, with one file beside it.
    ///
    /// Of large samples, whose epsilon takes little time to compute.
    static func make(
        isInsecure: Bool,
        isUnlimited: Bool = false
    ) throws -> PrivacyManifest {
        let plan = try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(unitCount: 1_000, expectedBatchSize: 300, steps: 50),
            noiseMultiplier: isUnlimited ? 0 : 4,
            maxGradNorm: 1,
            budget: isUnlimited ? .unlimited : .limited(epsilon: 8, delta: 1e-6)
        )
        let header = LedgerHeader(
            product: "dpscribe test",
            method: .finetune,
            runIdentifier: String(repeating: "a", count: 32),
            corpus: CorpusFingerprint(files: [digest("a")], columns: digest("columns")),
            isInsecure: isInsecure,
            promise: LedgerPromise(plan)
        )
        let runs = try ReleaseFolder()
        let ledger = try RunFolder(path: runs.path + "/run").create(
            secret: isInsecure ? .insecure(seed: 1) : .fromSystem(),
            header: header,
            epsilon: epsilon
        )
        for step in 0..<50 {
            _ = try ledger.reserve(
                step: step,
                of: plan,
                state: digest("\(step)"),
                environment: digest("environment")
            )
        }
        try ledger.finish(steps: 50)
        return try PrivacyManifest(
            record: ledger.record,
            runs: [ledger.record],
            protection: PrivacyManifest.Protection(
                of: .finetune,
                unit: .record,
                relation: plan.relation,
                truncationTokens: 64
            ),
            mechanism: PrivacyManifest.Mechanism(
                plan,
                unitCountSource: "given",
                stepsSpent: ledger.record.stepCount,
                otherReleases: ledger.record.releases
            )
        )
    }

    static let unseeded = Result { try finished(make(isInsecure: false)) }
    static let seeded = Result { try finished(make(isInsecure: true)) }

    /// With what only training knows.
    private static func finished(_ manifest: PrivacyManifest) -> PrivacyManifest {
        var manifest = manifest
        manifest.baseModel = PrivacyManifest.BaseModel(sha256: String(repeating: "b", count: 64))
        return manifest
    }

    private static func digest(_ text: String) -> ContentDigest {
        ContentDigest(domain: "test", fields: [("text", Array(text.utf8))])
    }

    private static let epsilon: PrivacyLedger.EpsilonBound = { event, delta throws(PrivacyError) in
        try RDPAccountant().guarantee(of: event, delta: delta).epsilon
    }

    /// An audit of the build that made the manifest, as `audit mechanism --json` prints it.
    static func audit(_ manifest: PrivacyManifest) throws -> AuditStatement {
        let build = String(
            decoding: try JSONEncoder.spellingInfinity().encode(manifest.build),
            as: UTF8.self
        )
        func epsilon(_ mu: Double) throws -> Double {
            let event = PrivacyEvent.gaussian(noiseMultiplier: 1 / mu)
            return try PrivacyAccounting.guarantee(of: event, delta: 1e-5, accountant: .gaussian)
                .epsilon
        }
        let json = """
            {"product":"\(manifest.product)","build":\(build),"method":"two worlds","confidence":0.99,
            "within_claim":true,"mu_claimed":3,"mu_estimate":2.9,"mu_lower_bound":2.5,"delta":1e-5,
            "epsilon_claimed":\(try epsilon(3)),"epsilon_lower_bound":\(try epsilon(2.5)),
            "draws":1000,"findings":[],"note":"a lower bound, not a proof"}
            """
        return try AuditStatement(fileContents: Array(json.utf8), path: "audit.json")
    }
}

/// A folder for one release that lives as long as the test.
final class ReleaseFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/verification-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func url(_ name: String) -> URL { URL(filePath: path + "/" + name) }

    /// Writes two files, and the manifest that lists them.
    func fill(with manifest: PrivacyManifest) throws {
        var manifest = manifest
        for name in ["config.json", "model.safetensors"] {
            try Data(name.utf8).write(to: url(name))
        }
        manifest.files = try ["config.json", "model.safetensors"].map {
            try ReleasedFile($0, in: path)
        }
        try manifest.write(to: path)
    }

    var manifestBytes: [UInt8] {
        get throws { Array(try Data(contentsOf: url(PrivacyManifest.fileName))) }
    }
}
