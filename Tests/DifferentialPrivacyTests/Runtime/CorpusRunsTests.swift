import Foundation
import Testing

@testable import DifferentialPrivacy

/// Runs that are tied together by their records.
@Suite struct CorpusRunsTests {
    private let parent: TemporaryFolder
    private let directory: LedgerDirectory
    private let key: FingerprintKey

    init() throws {
        parent = try TemporaryFolder()
        directory = LedgerDirectory(path: parent.path)
        key = try directory.makeFingerprintKey()
    }

    private func sketch(_ numbers: Range<Int>) -> CorpusSketch {
        CorpusSketch(texts: numbers.map { Array("record \($0)".utf8) }, key: key)
    }

    private func header(
        _ run: String,
        _ texts: CorpusSketch?,
        unit: PrivacyUnit = .record,
        isInsecure: Bool = false
    ) throws -> LedgerHeader {
        RuntimeFixtures.header(
            try RuntimeFixtures.plan(unit: unit),
            run: run,
            corpus: RuntimeFixtures.corpus([run]),
            texts: try texts.map { try SealedSketch($0, key: key) },
            isInsecure: isInsecure
        )
    }

    /// Makes a run that reserves so many of its five steps.
    private func makeRun(
        _ name: String,
        _ header: LedgerHeader,
        steps: Int,
        isFinished: Bool = false,
        witness: LedgerWitnessFile? = nil
    ) throws {
        let plan = try RuntimeFixtures.plan(unit: header.unit)
        let ledger = try RunFolder(path: parent.path + "/" + name).create(
            secret: header.isInsecure ? RuntimeFixtures.secret : .fromSystem(),
            header: header,
            epsilon: RuntimeFixtures.epsilon,
            witness: witness
        )
        for step in 0..<steps {
            _ = try ledger.reserve(
                step: step,
                of: plan,
                state: RuntimeFixtures.digest("\(step)"),
                environment: RuntimeFixtures.digest("environment")
            )
        }
        if isFinished { try ledger.finish(steps: steps) }
    }

    private func epsilon(_ events: [PrivacyEvent]) throws -> Double {
        try PrivacyAccounting.guarantee(of: .composed(events), delta: 1e-6).epsilon
    }

    @Test func overlappingRecordsComposeAndOthersDoNot() throws {
        try makeRun("whole", header("whole", sketch(0..<200)), steps: 5, isFinished: true)
        try makeRun("more", header("more", sketch(0..<201)), steps: 2)
        try makeRun("half", header("half", sketch(100..<200)), steps: 1)
        try makeRun("elsewhere", header("elsewhere", sketch(500..<700)), steps: 4)
        let runs = try directory.runs(
            like: header("whole", sketch(0..<200)),
            checkedBy: .none
        )
        #expect(runs.members.map(\.run) == ["half", "more", "whole"])
        #expect(runs.members.map(\.overlap.share) == [0.5, 1, 1])
        #expect(runs.members.map(\.overlap.shareOfOther) == [1, 200.0 / 201, 1])
        let step = try RuntimeFixtures.plan().stepEvent
        #expect(runs.spending(by: .record).event == .repeated(step, count: 8))
        let far = try directory.runs(
            like: header("far", sketch(500..<700)),
            checkedBy: .none
        )
        #expect(far.members.map(\.run) == ["elsewhere"])
        #expect(far.unknown.isEmpty)
    }

    /// Unfinished runs count with all five steps, finished ones with what they spent.
    @Test func whatRunsStillPlanCounts() throws {
        try makeRun("done", header("done", sketch(0..<9)), steps: 3, isFinished: true)
        try makeRun("begun", header("begun", sketch(0..<9)), steps: 2)
        let next = try header("next", sketch(0..<9))
        let runs = try directory.runs(like: next, checkedBy: .none)
        let step = try RuntimeFixtures.plan().stepEvent
        let total = try epsilon([.repeated(step, count: 13)])
        #expect(abs(try runs.epsilonAtEnd(with: next) - total) < 1e-5 * total)
        let known = try epsilon([.repeated(step, count: 8)])
        let begun = try header("begun", sketch(0..<9))
        #expect(abs(try runs.epsilonAtEnd(with: begun) - known) < 1e-5 * known)
        try runs.require(atMost: total * 1.001, with: next, path: "p")
        let refusal = #expect(throws: LedgerError.self) {
            try runs.require(atMost: total * 0.99, with: next, path: "p")
        }
        guard case .corpusBudgetExceeded("p", _, _, ["begun", "done"]) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    @Test func unitsAndSeedsCountAsTheyMustInPlansToo() throws {
        let user = PrivacyUnit.user(maxRecords: 3)
        try makeRun("records", header("records", sketch(0..<9)), steps: 0)
        let users = try header("users", sketch(0..<9), unit: user)
        let runs = try directory.runs(like: users, checkedBy: .none)
        #expect(try runs.epsilonAtEnd(with: users) == .infinity)
        #expect(throws: LedgerError.self) {
            try runs.require(atMost: 1_000, with: users, path: "p")
        }
        try makeRun("seeded", header("seeded", sketch(20..<29), isInsecure: true), steps: 0)
        let next = try header("next", sketch(20..<29))
        let seeded = try directory.runs(like: next, checkedBy: .none)
        #expect(try seeded.epsilonAtEnd(with: next) == .infinity)
    }

    @Test func aCopyOfARunCountsOnceInPlansToo() throws {
        try makeRun("run", header("run", sketch(0..<9)), steps: 3)
        try FileManager.default.copyItem(
            atPath: parent.path + "/run",
            toPath: parent.path + "/copy"
        )
        let own = try header("run", sketch(0..<9))
        let runs = try directory.runs(like: own, checkedBy: .none)
        let alone = try epsilon([.repeated(RuntimeFixtures.plan().stepEvent, count: 5)])
        #expect(runs.members.count == 2)
        #expect(abs(try runs.epsilonAtEnd(with: own) - alone) < 1e-5 * alone)
    }

    /// A ledger without records is tied by the bytes of its files alone, and that is said.
    @Test func anEarlierLedgerIsTiedByItsFilesAndNamed() throws {
        try makeRun("earlier", header("earlier", nil), steps: 2)
        let line = try String(decoding: parent.bytes("earlier/ledger.jsonl"), as: UTF8.self)
        #expect(!line.contains("texts"))
        let other = try directory.runs(
            on: CorpusIdentity(files: RuntimeFixtures.corpus(["x"]), texts: sketch(0..<9)),
            checkedBy: .none
        )
        #expect(other.members.isEmpty && other.unknown == ["earlier"])
        let same = try directory.runs(
            on: CorpusIdentity(files: RuntimeFixtures.corpus(["earlier"]), texts: sketch(0..<9)),
            checkedBy: .none
        )
        #expect(same.members.map(\.overlap) == [.file] && same.unknown.isEmpty)
    }

    @Test func anotherFoldersKeyIsNoticed() throws {
        try makeRun("run", header("run", sketch(0..<9)), steps: 1)
        let other = try TemporaryFolder()
        _ = try LedgerDirectory(path: other.path).makeFingerprintKey()
        try parent.write(other.bytes(".key"), to: ".key")
        let error = LedgerError.otherKey(path: parent.path + "/.key", run: "run")
        #expect(throws: error) { try directory.fingerprintKey()?.fileContents }
        #expect(throws: error) { try directory.makeFingerprintKey().fileContents }
        #expect(throws: error) { try directory.records(checkedBy: .none).count }
    }
}

extension CorpusRunsTests {
    private func cutBack(_ run: String, to lines: Int) throws {
        let all = try parent.bytes(run + "/ledger.jsonl").split(separator: 0x0A).prefix(lines)
        try parent.write(all.flatMap { $0 + [0x0A] }, to: run + "/ledger.jsonl")
    }

    @Test func aWitnessElsewhereNoticesALedgerThatWasCutBack() throws {
        let elsewhere = try TemporaryFolder()
        let file = LedgerWitnessFile(path: elsewhere.path + "/heads.jsonl")
        try file.witness().check(try record("none"), of: RunFolder(path: "p"))
        try makeRun("run", header("run", sketch(0..<9)), steps: 3, witness: file)
        #expect(try elsewhere.mode("heads.jsonl") == 0o600)
        let lines = try elsewhere.bytes("heads.jsonl").split(separator: 0x0A)
        #expect(lines.count == 4)
        #expect(try directory.records(checkedBy: file.witness()).count == 2)
        // What a second run adds does not hide the first.
        try makeRun("other", header("other", sketch(0..<9)), steps: 1, witness: file)
        try cutBack("run", to: 3)
        let error = LedgerError.doesNotCover(
            path: parent.path + "/run/ledger.jsonl",
            entries: 3,
            required: 4
        )
        #expect(throws: error) { try directory.records(checkedBy: file.witness()).count }
        #expect(throws: error) {
            try RunFolder(path: parent.path + "/run").resume(
                covering: nil,
                epsilon: RuntimeFixtures.epsilon,
                witness: file
            )?.record.stepCount
        }
        // Nobody else sees it.
        #expect(try directory.records(checkedBy: .none).count == 3)
    }

    private func record(_ name: String) throws -> LedgerRecord {
        try makeRun(name, header(name, sketch(90..<99)), steps: 0)
        return try #require(try RunFolder(path: parent.path + "/" + name).record())
    }

    @Test func aWitnessElsewhereNoticesThatARunIsGone() throws {
        let elsewhere = try TemporaryFolder()
        let file = LedgerWitnessFile(path: elsewhere.path + "/heads.jsonl")
        try makeRun("run", header("run", sketch(0..<9)), steps: 1, witness: file)
        try makeRun("unspent", header("unspent", sketch(0..<9)), steps: 0, witness: file)
        try file.requireRuns(of: directory)
        try FileManager.default.removeItem(atPath: parent.path + "/unspent")
        try file.requireRuns(of: directory)
        try FileManager.default.moveItem(
            atPath: parent.path + "/run",
            toPath: parent.path + "/renamed"
        )
        try file.requireRuns(of: directory)
        try FileManager.default.removeItem(atPath: parent.path + "/renamed")
        #expect(throws: LedgerError.missing(path: parent.path + "/run/ledger.jsonl")) {
            try file.requireRuns(of: directory)
        }
        // Another folder of runs is another matter.
        let other = try TemporaryFolder()
        _ = try LedgerDirectory(path: other.path).makeFingerprintKey()
        try file.requireRuns(of: LedgerDirectory(path: other.path))
    }

    @Test func aWitnessLineThatWasCutOffSpoilsNothing() throws {
        let elsewhere = try TemporaryFolder()
        let file = LedgerWitnessFile(path: elsewhere.path + "/heads.jsonl")
        try makeRun("run", header("run", sketch(0..<9)), steps: 2, witness: file)
        let whole = try elsewhere.bytes("heads.jsonl")
        let resumed = RunFolder(path: parent.path + "/run")
        for cut in 1..<20 {
            try elsewhere.write(whole.dropLast(cut), to: "heads.jsonl")
            #expect(try directory.records(checkedBy: file.witness()).count == 1)
            _ = try resumed.resume(
                covering: nil,
                epsilon: RuntimeFixtures.epsilon,
                witness: file
            )
            #expect(try directory.records(checkedBy: file.witness()).count == 1)
        }
        try elsewhere.write(whole + Array("no line\n".utf8), to: "heads.jsonl")
        #expect(throws: LedgerError.self) { try file.witness() }
    }
}
