import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct LedgerDirectoryTests {
    private let parent: TemporaryFolder
    private let directory: LedgerDirectory

    init() throws {
        parent = try TemporaryFolder()
        directory = LedgerDirectory(path: parent.path)
    }

    private func makeRun(
        _ name: String,
        corpus: [String],
        steps: Int,
        unit: PrivacyUnit = .record,
        isInsecure: Bool = false
    ) throws {
        let plan = try RuntimeFixtures.plan(unit: unit)
        let ledger = try RunFolder(path: parent.path + "/" + name).create(
            secret: isInsecure ? RuntimeFixtures.secret : .fromSystem(),
            header: RuntimeFixtures.header(
                plan,
                run: name,
                corpus: RuntimeFixtures.corpus(corpus),
                isInsecure: isInsecure
            ),
            epsilon: RuntimeFixtures.epsilon
        )
        for step in 0..<steps {
            _ = try ledger.reserve(
                step: step,
                of: plan,
                state: RuntimeFixtures.digest("\(step)"),
                environment: RuntimeFixtures.digest("environment")
            )
        }
    }

    private func spending(
        on corpus: [String],
        by unit: PrivacyUnit = .record,
        checkedBy witness: LedgerWitness = .none
    ) throws -> PrivacySpending {
        try directory.runs(on: RuntimeFixtures.identity(corpus), checkedBy: witness)
            .spending(by: unit)
    }

    private func records() throws -> [String] {
        try directory.records(checkedBy: .none).map(\.run)
    }

    @Test func runsOnTheSameCorpusCompose() throws {
        try makeRun("one", corpus: ["a"], steps: 2)
        try makeRun("two", corpus: ["a", "b"], steps: 3)
        try makeRun("three", corpus: ["c"], steps: 4)
        let step = try RuntimeFixtures.plan().stepEvent
        func event(_ corpus: [String]) throws -> PrivacyEvent {
            try spending(on: corpus).event
        }
        #expect(try event(["a"]) == .repeated(step, count: 5))
        #expect(try event(["b"]) == .repeated(step, count: 3))
        #expect(try event(["c"]) == .repeated(step, count: 4))
        #expect(try event(["d"]) == .composed([]))
        func runs(_ corpus: [String]) throws -> [String] {
            try directory.runs(on: RuntimeFixtures.identity(corpus), checkedBy: .none)
                .members.map(\.run)
        }
        #expect(try runs(["d"]).isEmpty)
        #expect(try runs(["a"]) == ["one", "two"])
    }

    @Test func aCopyOfARunCountsOnce() throws {
        try makeRun("run", corpus: ["a"], steps: 3)
        try FileManager.default.copyItem(
            atPath: parent.path + "/run",
            toPath: parent.path + "/copy"
        )
        #expect(try spending(on: ["a"]).count == 3)
        // The copy goes on differently: only that is added.
        do {
            let ledger = try #require(
                try RunFolder(path: parent.path + "/copy").resume(
                    covering: nil,
                    epsilon: RuntimeFixtures.epsilon
                )
            )
            _ = try ledger.reserve(
                step: 3,
                of: RuntimeFixtures.plan(),
                state: RuntimeFixtures.digest("3"),
                environment: RuntimeFixtures.digest("other threads")
            )
        }
        #expect(try spending(on: ["a"]).count == 4)
    }

    /// Whoever knows the seed can subtract the noise.
    @Test func aSeededRunLeavesTheTotalWithoutAGuarantee() throws {
        try makeRun("one", corpus: ["a"], steps: 2)
        try makeRun("seeded", corpus: ["a"], steps: 1, isInsecure: true)
        let event = try spending(on: ["a"]).event
        #expect(try PrivacyAccounting.guarantee(of: event, delta: 1e-6).epsilon == .infinity)
        let step = try RuntimeFixtures.plan().stepEvent
        #expect(event == .composed([.repeated(step, count: 2), .nonPrivate]))
    }

    /// A user may have any number of records; one record changes what its user contributes.
    @Test func unitsAreNotMixed() throws {
        let user = PrivacyUnit.user(maxRecords: 3)
        try makeRun("records", corpus: ["a"], steps: 2)
        try makeRun("users", corpus: ["b"], steps: 2, unit: user)
        let step = try RuntimeFixtures.plan().stepEvent
        #expect(try spending(on: ["a"], by: user).event == .repeated(.nonPrivate, count: 2))
        #expect(try spending(on: ["b"], by: user).event == .repeated(step, count: 2))
        #expect(
            try spending(on: ["b"], by: .user(maxRecords: 9)).event == .repeated(step, count: 2)
        )
        // σ is 1, and from one contribution to another is twice the bound.
        #expect(
            try spending(on: ["b"], by: .record).event
                == .repeated(.gaussian(noiseMultiplier: 0.5), count: 2)
        )
    }

    @Test func aShortenedLedgerIsNotLeftOutOfTheTotal() throws {
        try makeRun("run", corpus: ["a"], steps: 3)
        let whole = try #require(try RunFolder(path: parent.path + "/run").record()).position
        let witness = LedgerWitness { _, record in record.covers(whole) ? nil : whole }
        #expect(try spending(on: ["a"], checkedBy: witness).count == 3)
        let lines = try parent.bytes("run/ledger.jsonl").split(separator: UInt8(ascii: "\n"))
        try parent.write(Array(lines.dropLast().joined(separator: [0x0A])), to: "run/ledger.jsonl")
        let error = LedgerError.doesNotCover(
            path: parent.path + "/run/ledger.jsonl",
            entries: 3,
            required: 4
        )
        #expect(throws: error) { try spending(on: ["a"], checkedBy: witness).count }
        #expect(throws: error) {
            try RunFolder(path: parent.path + "/run").record(checkedBy: witness)?.stepCount
        }
        #expect(throws: error) {
            try spending(on: ["a"], checkedBy: LedgerWitness.none.and(witness)).count
        }
    }

    @Test func aRunWithAHiddenNameIsRefusedAndNeverOverlooked() throws {
        for name in [".try", ".try/", ".try//", ".x.creating"] {
            let path = parent.path + "/" + name
            #expect(throws: LedgerError.hiddenName(path: RunFolder(path: path).path)) {
                try makeRun(name, corpus: ["a"], steps: 1)
            }
        }
        try makeRun("run", corpus: ["a"], steps: 3)
        try FileManager.default.moveItem(
            atPath: parent.path + "/run",
            toPath: parent.path + "/.run"
        )
        #expect(try spending(on: ["a"]).count == 3)
    }

    @Test func aDamagedLedgerIsNotLeftOutOfTheTotal() throws {
        try makeRun("run", corpus: ["a"], steps: 3)
        var bytes = try parent.bytes("run/ledger.jsonl")
        bytes[200] ^= 1
        try parent.write(bytes, to: "run/ledger.jsonl")
        #expect(throws: LedgerError.self) {
            try spending(on: ["z"]).count
        }
    }

    @Test func aRunWithoutItsLedgerIsNotLeftOutOfTheTotal() throws {
        try makeRun("run", corpus: ["a"], steps: 1)
        try FileManager.default.createDirectory(
            atPath: parent.path + "/not-a-run",
            withIntermediateDirectories: false
        )
        try parent.write([], to: "README.md")
        #expect(try records() == ["run"])
        try FileManager.default.removeItem(atPath: parent.path + "/run/ledger.jsonl")
        #expect(throws: LedgerError.missing(path: parent.path + "/run/ledger.jsonl")) {
            try records().count
        }
    }

    @Test func theFingerprintKeyIsMadeOnceAndKeptPrivate() throws {
        #expect(try directory.fingerprintKey() == nil)
        let first = try directory.makeFingerprintKey()
        let second = try directory.makeFingerprintKey()
        #expect(first.fileContents == second.fileContents)
        #expect(try parent.names() == [".key"])
        #expect(try parent.mode(".key") == 0o600)
    }

    @Test func withoutItsKeyAFolderOfRunsIsRefused() throws {
        try makeRun("run", corpus: ["a"], steps: 1)
        #expect(throws: LedgerError.self) { try directory.makeFingerprintKey().fileContents }
        try parent.write(Array("dpscribe".utf8), to: ".key")
        #expect(throws: LedgerError.self) { try directory.fingerprintKey()?.fileContents }
    }

    @Test func ofTwoProcessesThatMakeAKeyOneWins() async throws {
        let directory = directory
        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try directory.makeFingerprintKey().fileContents } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
        #expect(try parent.names() == [".key"])
    }

    @Test func aCorpusIsRecognisedByItsBytesUnderTheKey() throws {
        // Longer than the pieces it is read in.
        let text = [UInt8]((0..<700_000).map { UInt8($0 % 251) })
        try parent.write(text, to: "a.csv")
        try parent.write(text, to: "b.csv")
        try parent.write(text.dropLast() + [0], to: "c.csv")
        let key = try directory.makeFingerprintKey()
        func fingerprint(
            _ names: [String],
            columns: [String] = ["text"],
            key: FingerprintKey = key
        ) throws -> CorpusFingerprint {
            try CorpusFingerprint(
                paths: names.map { parent.path + "/" + $0 },
                columns: columns,
                key: key
            )
        }
        let a = try fingerprint(["a.csv"])
        #expect(try fingerprint(["b.csv"]) == a)
        #expect(try fingerprint(["c.csv"]).files != a.files)
        #expect(try fingerprint(["c.csv", "b.csv"]).sharesCorpus(with: a))
        #expect(try !fingerprint(["c.csv"]).sharesCorpus(with: a))
        let others = try fingerprint(["a.csv"], columns: ["text", "label"])
        #expect(others.files == a.files && others.columns != a.columns)
        #expect(try fingerprint(["a.csv"], key: .fromSystem()).files != a.files)
        #expect(throws: LedgerError.self) { try fingerprint(["missing.csv"]) }
    }
}
