import Dispatch
import Foundation
import Synchronization
import Testing

@testable import DifferentialPrivacy

@Suite struct RunFolderRaceTests {
    /// Two writers at once begin, or continue, the same run; each lock is of an open file.
    @Test func ofTwoWritersOneWins() throws {
        let parent = try TemporaryFolder()
        let plan = try RuntimeFixtures.plan()
        for race in 0..<50 {
            // Even races begin a run, odd ones go on with it.
            let folder = RunFolder(path: parent.path + "/run\(race / 2)")
            let results = Self.race(plan) { plan in
                guard race % 2 == 0 else {
                    return try #require(
                        try folder.resume(covering: nil, epsilon: RuntimeFixtures.epsilon)
                    )
                }
                return try folder.create(
                    secret: RuntimeFixtures.secret,
                    header: RuntimeFixtures.header(plan),
                    epsilon: RuntimeFixtures.epsilon
                )
            }
            let refusals: [LedgerError] = [
                .busy(path: folder.ledgerPath), .alreadyExists(path: folder.path),
            ]
            #expect(results.count { $0 == nil } == 1, "race \(race): \(results)")
            #expect(results.compactMap(\.self).allSatisfy(refusals.contains))
        }
    }

    /// What kept each of two threads from opening a ledger; nil for one that holds it.
    private static func race(
        _ plan: PrivacyPlan,
        _ open: @escaping @Sendable (PrivacyPlan) throws -> PrivacyLedger
    ) -> [LedgerError?] {
        let errors = Mutex<[LedgerError?]>([])
        let atStart = DispatchGroup()
        let done = DispatchGroup()
        for _ in 0..<2 {
            atStart.enter()
            done.enter()
        }
        let finished = DispatchSemaphore(value: 0)
        for _ in 0..<2 {
            Thread.detachNewThread {
                atStart.leave()
                atStart.wait()
                var ledger: PrivacyLedger?
                do {
                    ledger = try open(plan)
                    errors.withLock { $0.append(nil) }
                } catch {
                    errors.withLock { $0.append(error as? LedgerError ?? .missing(path: "")) }
                }
                // Held until both have tried.
                done.leave()
                done.wait()
                withExtendedLifetime(ledger) {}
                // Lets go of the lock before the next race.
                ledger = nil
                finished.signal()
            }
        }
        for _ in 0..<2 { finished.wait() }
        return errors.withLock { $0 }
    }
}
