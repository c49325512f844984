import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct RunFolderTests {
    private let parent: TemporaryFolder
    private let folder: RunFolder
    private let plan: PrivacyPlan

    init() throws {
        parent = try TemporaryFolder()
        folder = RunFolder(path: parent.path + "/run")
        plan = try RuntimeFixtures.plan()
    }

    private func create(_ plan: PrivacyPlan? = nil) throws -> PrivacyLedger {
        try folder.create(
            secret: RuntimeFixtures.secret,
            header: RuntimeFixtures.header(plan ?? self.plan),
            epsilon: RuntimeFixtures.epsilon
        )
    }

    private func resume(covering position: LedgerPosition? = nil) throws -> PrivacyLedger? {
        try folder.resume(covering: position, epsilon: RuntimeFixtures.epsilon)
    }

    private func reserve(
        _ step: Int,
        in ledger: PrivacyLedger,
        state: String = "s",
        plan: PrivacyPlan? = nil
    ) throws -> Reservation {
        try ledger.reserve(
            step: step,
            of: plan ?? self.plan,
            state: RuntimeFixtures.digest("\(state) \(step)"),
            environment: RuntimeFixtures.digest("environment")
        )
    }

    @Test func aRunAppearsWithSecretAndLedgerReadableByItsOwnerOnly() throws {
        _ = try folder.create(
            secret: RuntimeFixtures.secret,
            header: RuntimeFixtures.header(plan),
            epsilon: RuntimeFixtures.epsilon
        ) { path in
            #expect(try folder.isVacant())
            try Data("{}".utf8).write(to: URL(filePath: path + "/run.json"))
        }
        #expect(try parent.names() == ["run"])
        #expect(try folder.files.names(in: folder.path) == ["ledger.jsonl", "run.json", "secret"])
        #expect(try parent.mode("run") == 0o700)
        #expect(try parent.mode("run/secret") == 0o600)
        #expect(try parent.mode("run/ledger.jsonl") == 0o600)
    }

    @Test func aReservedStepIsOnDiskBeforeItsRandomnessCanBeHad() throws {
        let ledger = try create()
        let reservation = try reserve(0, in: ledger)
        let text = String(decoding: try parent.bytes("run/ledger.jsonl"), as: UTF8.self)
        #expect(text.contains(reservation.key.digest.description))
        #expect(try folder.record()?.spending == ledger.record.spending)
    }

    @Test func theSameStepAgainIsTheSameReleaseAndCountsOnce() throws {
        let ledger = try create()
        let first = try reserve(0, in: ledger)
        let again = try reserve(0, in: ledger)
        #expect(first.key.digest == again.key.digest)
        #expect(ledger.record.spending.count == 1)
        let other = try reserve(0, in: ledger, state: "other")
        #expect(other.key.digest != first.key.digest)
        #expect(ledger.record.spending.event == .repeated(plan.stepEvent, count: 2))
    }

    @Test func aResumedRunReplaysWithoutCost() throws {
        var digests: [ContentDigest] = []
        do {
            let ledger = try create()
            for step in 0..<3 { digests.append(try reserve(step, in: ledger).key.digest) }
        }
        let ledger = try #require(try resume())
        for step in 1..<3 {
            #expect(try reserve(step, in: ledger).key.digest == digests[step])
        }
        #expect(ledger.record.position.entries == 4)
        for step in 3..<5 { _ = try reserve(step, in: ledger) }
        #expect(ledger.record.spending.event == plan.event)
    }

    @Test func aStepBeyondTheTargetIsRefusedBeforeItIsRecorded() throws {
        // The target is what five steps cost: a sixth exceeds it.
        let epsilon = try RuntimeFixtures.epsilon(plan.event, 1e-6)
        let tight = try RuntimeFixtures.plan(budget: .limited(epsilon: epsilon, delta: 1e-6))
        let ledger = try create(tight)
        for step in 0..<4 { _ = try reserve(step, in: ledger, plan: tight) }
        // A branch: step 3 again, in another state, uses up the fifth.
        _ = try reserve(3, in: ledger, state: "branch", plan: tight)
        let before = try parent.bytes("run/ledger.jsonl")
        let refusal = #expect(throws: LedgerError.self) {
            let reservation = try reserve(4, in: ledger, plan: tight)
            return reservation.key.digest
        }
        guard case .targetExceeded(_, let after, epsilon) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(after > epsilon)
        #expect(try parent.bytes("run/ledger.jsonl") == before)
        // What is recorded can still be computed again.
        _ = try reserve(3, in: ledger, plan: tight)
    }

    @Test func diagnosticsAndAnEarlyEndAreRemembered() throws {
        let ledger = try create()
        _ = try reserve(0, in: ledger)
        #expect(!ledger.record.hasDiagnostics)
        for _ in 0..<2 { try ledger.recordDiagnostics() }
        try ledger.finish(steps: 1)
        let record = try #require(try folder.record())
        #expect(record.hasDiagnostics && record.completedSteps == 1)
        #expect(record.position.entries == 4)
        #expect(throws: LedgerError.self) { try reserve(1, in: ledger).key.digest }
    }

    @Test func aPlanBeyondItsTargetMakesNoRun() throws {
        let plan = try RuntimeFixtures.plan(budget: .limited(epsilon: 1e-3, delta: 1e-6))
        #expect(throws: LedgerError.self) { try create(plan).folder.path }
        #expect(try parent.names().isEmpty)
    }

    @Test func anEpsilonThatIsNotANumberRefuses() throws {
        let header = RuntimeFixtures.header(plan)
        let ledger = try folder.create(
            secret: RuntimeFixtures.secret,
            header: header,
            epsilon: { event, _ in event == header.plannedEvent ? 1 : .nan }
        )
        for step in 0..<5 { _ = try reserve(step, in: ledger) }
        #expect(throws: LedgerError.self) { try reserve(5, in: ledger).key.digest }
    }

    @Test func aPlannedReleaseIsRecordedBesideTheSteps() throws {
        let counts = PlannedRelease(name: "label-counts", event: .gaussian(noiseMultiplier: 20))
        let plan = try RuntimeFixtures.plan(releases: [counts])
        let ledger = try create(plan)
        let reservation = try ledger.reserve(
            release: counts.name,
            event: counts.event,
            state: RuntimeFixtures.digest("none"),
            environment: RuntimeFixtures.digest("corpus")
        )
        _ = consume reservation
        for step in 0..<5 { _ = try reserve(step, in: ledger, plan: plan) }
        let event = PrivacyEvent.composed(
            [counts.event, .repeated(plan.stepEvent, count: 5)])
        #expect(try folder.record()?.spending.event == event)
    }

    @Test func onlyOneProcessWrites() throws {
        let ledger = try create()
        let start = ContinuousClock().now
        #expect(throws: LedgerError.busy(path: folder.ledgerPath)) { try resume()?.folder.path }
        #expect(ContinuousClock().now - start < .seconds(1))
        _ = try reserve(0, in: ledger)
    }

    @Test func aRunIsNeverOverwritten() throws {
        _ = try create()
        let before = try parent.bytes("run/ledger.jsonl")
        #expect(throws: LedgerError.alreadyExists(path: folder.path)) { try create().folder.path }
        #expect(try parent.bytes("run/ledger.jsonl") == before)
    }

    @Test func aFileInItsPlaceIsNotOverwritten() throws {
        try parent.write([1], to: "run")
        #expect(throws: LedgerError.alreadyExists(path: folder.path)) { try create().folder.path }
        #expect(try parent.bytes("run") == [1])
    }

    @Test func anEmptyFolderIsTakenOver() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: false
        )
        #expect(try resume() == nil)
        _ = try reserve(0, in: create())
    }

    @Test func aFinishedRunHasNoSecretAndRecordsNothingMore() throws {
        do {
            let ledger = try create()
            for step in 0..<5 { _ = try reserve(step, in: ledger) }
            try ledger.finish(steps: 5)
            try ledger.finish(steps: 5)
            #expect(throws: LedgerError.finished(path: folder.ledgerPath)) {
                try reserve(0, in: ledger).key.digest
            }
        }
        #expect(try folder.files.names(in: folder.path) == ["ledger.jsonl"])
        // As if the process had ended between the completion and the removal.
        try parent.write(RuntimeFixtures.secret.fileContents, to: "run/secret")
        let ledger = try #require(try resume())
        #expect(ledger.record.isFinished)
        #expect(try folder.files.names(in: folder.path) == ["ledger.jsonl"])
    }

    @Test func anAppendThatWasCutOffIsRemoved() throws {
        do {
            let ledger = try create()
            for step in 0..<2 { _ = try reserve(step, in: ledger) }
        }
        let bytes = try parent.bytes("run/ledger.jsonl")
        for tail in [
            "{", #"{"hash":"00"#, "\0\0\0", "{\"hash\":\"" + String(repeating: "a", count: 64),
        ] {
            try parent.write(bytes + Array(tail.utf8), to: "run/ledger.jsonl")
            #expect(try folder.record()?.position.entries == 3)
            #expect(try resume()?.record.position.entries == 3)
            #expect(try parent.bytes("run/ledger.jsonl") == bytes)
        }
        // Only the line feed is missing: the entry counts.
        try parent.write(bytes.dropLast(), to: "run/ledger.jsonl")
        #expect(try resume()?.record.position.entries == 3)
        #expect(try parent.bytes("run/ledger.jsonl") == bytes)
    }

    @Test func aShortenedLedgerDoesNotCoverItsCheckpoint() throws {
        let position: LedgerPosition
        do {
            let ledger = try create()
            for step in 0..<2 { _ = try reserve(step, in: ledger) }
            position = ledger.record.position
        }
        #expect(try resume(covering: position) != nil)
        var lines = try parent.bytes("run/ledger.jsonl").split(separator: 10)
        lines.removeLast()
        try parent.write(lines.flatMap { $0 + [10] }, to: "run/ledger.jsonl")
        #expect(
            throws: LedgerError.doesNotCover(path: folder.ledgerPath, entries: 2, required: 3)
        ) { try resume(covering: position)?.folder.path }
        let other = LedgerPosition(entries: 2, head: RuntimeFixtures.digest("another ledger"))
        #expect(throws: LedgerError.self) { try resume(covering: other)?.folder.path }
    }

    @Test func aMissingLedgerOrSecretIsRefused() throws {
        #expect(try resume() == nil)
        do { _ = try reserve(0, in: create()) }
        try FileManager.default.removeItem(atPath: folder.secretPath)
        #expect(
            throws: LedgerError.unusableSecret(
                path: folder.secretPath,
                reason: "the file is missing"
            )
        ) { try resume()?.folder.path }
        try parent.write(RunSecret.fromSystem().fileContents, to: "run/secret")
        #expect(throws: LedgerError.self) { try resume()?.folder.path }
        try FileManager.default.removeItem(atPath: folder.ledgerPath)
        #expect(throws: LedgerError.missing(path: folder.ledgerPath)) {
            try resume()?.folder.path
        }
    }

    @Test func symbolicLinksAreNotFollowed() throws {
        do { _ = try create() }
        let elsewhere = parent.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: folder.ledgerPath, toPath: elsewhere)
        try FileManager.default.createSymbolicLink(
            atPath: folder.ledgerPath,
            withDestinationPath: elsewhere
        )
        #expect(throws: LedgerError.self) { try resume()?.folder.path }
    }

    @Test func whatAKilledCreationLeftIsRemoved() throws {
        try FileManager.default.createDirectory(
            atPath: folder.stagingPath,
            withIntermediateDirectories: false
        )
        try parent.write(RuntimeFixtures.secret.fileContents, to: ".run.creating/secret")
        _ = try create()
        #expect(try parent.names() == ["run"])
    }

    @Test func pathsAreTakenApart() {
        #expect(RunFolder(path: "a/b/").parent == "a")
        #expect(RunFolder(path: "/b").parent == "/")
        #expect(RunFolder(path: "b").parent == ".")
        #expect(RunFolder(path: "a/b/").stagingPath == "a/.b.creating")
        #expect(RunFolder(path: "b").stagingPath == "./.b.creating")
    }
}
