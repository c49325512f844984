import Foundation

@testable import DifferentialPrivacy

/// Values that several tests of keys, mechanisms and ledgers start from.
enum RuntimeFixtures {
    static let secret = RunSecret.insecure(seed: 7)

    static func digest(_ text: String) -> ContentDigest {
        ContentDigest(domain: "test", fields: [("text", Array(text.utf8))])
    }

    static func key(_ label: String = "step 0", secret: RunSecret = secret) -> StepKey {
        StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: "run",
                label: label,
                state: digest("state"),
                environment: digest("environment")
            )
        )
    }

    static func reservation(_ label: String = "step 0") -> Reservation {
        .unrecorded(key(label))
    }

    static func plan(
        steps: Int = 5,
        noiseMultiplier: Double = 1,
        budget: PrivacyBudget? = nil,
        releases: [PlannedRelease] = [],
        unit: PrivacyUnit = .record
    ) throws -> PrivacyPlan {
        try PrivacyPlan(
            unit: unit,
            schedule: SamplingSchedule(unitCount: 10_000, expectedBatchSize: 100, steps: steps),
            noiseMultiplier: noiseMultiplier,
            maxGradNorm: 1,
            budget: budget ?? .limited(epsilon: 8, delta: 1e-6),
            releases: releases
        )
    }

    static func corpus(_ names: [String] = ["corpus"]) -> CorpusFingerprint {
        CorpusFingerprint(files: names.map(digest), columns: digest("columns"))
    }

    static func identity(_ names: [String]) -> CorpusIdentity {
        CorpusIdentity(files: corpus(names), texts: nil)
    }

    static func header(
        _ plan: PrivacyPlan,
        run: String = "0123",
        corpus: CorpusFingerprint = corpus(),
        texts: SealedSketch? = nil,
        isInsecure: Bool = true
    ) -> LedgerHeader {
        LedgerHeader(
            product: "dpscribe test",
            method: .finetune,
            runIdentifier: run,
            corpus: corpus,
            texts: texts,
            isInsecure: isInsecure,
            promise: LedgerPromise(plan)
        )
    }

    static let epsilon: PrivacyLedger.EpsilonBound = { event, delta throws(PrivacyError) in
        try RDPAccountant().guarantee(of: event, delta: delta).epsilon
    }
}

extension RunFolder {
    /// The ledger alone: these tests have no other files of a run.
    func record() throws(LedgerError) -> LedgerRecord? { try record(checkedBy: .none) }
}

/// A folder that lives as long as the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/dpscribe-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path + "/" + name)))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
    }
}
