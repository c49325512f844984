import Foundation
import Glibc
import Testing

@testable import DifferentialPrivacy

/// Every write, sync, rename and removal of a run's life fails once, or is the last thing that
/// happens; afterwards the run is opened again with a working file system.
@Suite struct RunFolderFaultTests {
    /// What a run got done before it stopped.
    private struct Progress {
        var reserved: Set<ContentDigest> = []
        var isFinished = false
    }

    /// Creates or resumes the run, does all its steps, finishes it.
    private static func run(
        _ path: String,
        files: any FileOperations,
        progress: inout Progress
    ) throws {
        let plan = try RuntimeFixtures.plan(steps: 3)
        let folder = RunFolder(path: path, files: files)
        let ledger =
            try folder.resume(covering: nil, epsilon: RuntimeFixtures.epsilon)
            ?? folder.create(
                secret: RuntimeFixtures.secret,
                header: RuntimeFixtures.header(plan),
                epsilon: RuntimeFixtures.epsilon
            )
        guard !ledger.record.isFinished else {
            progress.isFinished = true
            return
        }
        for step in 0..<3 {
            let reservation = try ledger.reserve(
                step: step,
                of: plan,
                state: RuntimeFixtures.digest("\(step)"),
                environment: RuntimeFixtures.digest("environment")
            )
            progress.reserved.insert(reservation.key.digest)
        }
        try ledger.finish(steps: 3)
        progress.isFinished = true
    }

    private static func countOperations() throws -> Int {
        let parent = try TemporaryFolder()
        let files = FailingFiles(failing: .max)
        var progress = Progress()
        try run(parent.path + "/run", files: files, progress: &progress)
        #expect(progress.isFinished && progress.reserved.count == 3)
        return files.operations
    }

    @Test(arguments: [FailingFiles.Failure.once, .forever], [EIO, ENOSPC])
    func noFailureLosesASpentStepOrTheRun(failure: FailingFiles.Failure, code: Int32) throws {
        let operations = try Self.countOperations()
        #expect(operations > 15)
        for failing in 0..<operations {
            let parent = try TemporaryFolder()
            let path = parent.path + "/run"
            var before = Progress()
            #expect(throws: LedgerError.self, "operation \(failing)") {
                let files = FailingFiles(failing: failing, failure, code: code)
                try Self.run(path, files: files, progress: &before)
            }
            // Whatever was handed out is in the ledger, with its cost.
            let record = try RunFolder(path: path).record()
            let recorded = record?.spending ?? PrivacySpending()
            let event = try RuntimeFixtures.plan().stepEvent
            #expect(before.reserved.allSatisfy { recorded.contains($0, event) })
            // The run can be completed, costs what was planned, and leaves nothing behind.
            var after = Progress()
            try Self.run(path, files: SystemFiles(), progress: &after)
            #expect(
                after.isFinished
                    && before.reserved.isSubset(of: after.reserved.union(before.reserved))
            )
            #expect(try RunFolder(path: path).record()?.spending.count == 3)
            #expect(try RunFolder(path: path).record()?.isFinished == true)
            #expect(try parent.names() == ["run"])
            #expect(try SystemFiles().names(in: path) == ["ledger.jsonl"])
        }
    }

    @Test func afterAFailedWriteTheSameProcessRecordsNothingMore() throws {
        let parent = try TemporaryFolder()
        let plan = try RuntimeFixtures.plan()
        do {
            _ = try RunFolder(path: parent.path + "/run").create(
                secret: RuntimeFixtures.secret,
                header: RuntimeFixtures.header(plan),
                epsilon: RuntimeFixtures.epsilon
            )
        }
        // Resuming syncs three times; the next operation is the append of a step.
        let folder = RunFolder(path: parent.path + "/run", files: FailingFiles(failing: 3))
        let ledger = try #require(
            try folder.resume(covering: nil, epsilon: RuntimeFixtures.epsilon)
        )
        let state = RuntimeFixtures.digest("state")
        for expected in [
            LedgerError.fileFailed(operation: "write", path: folder.ledgerPath, code: EIO),
            .unusableAfterFailure(path: folder.ledgerPath),
        ] {
            #expect(throws: expected) {
                try ledger.reserve(step: 0, of: plan, state: state, environment: state).key.digest
            }
        }
    }
}
