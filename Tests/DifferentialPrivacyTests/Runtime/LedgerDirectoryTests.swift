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

    private func makeRun(_ name: String, corpus: [String], steps: Int) throws {
        let plan = try RuntimeFixtures.plan()
        let ledger = try RunFolder(path: parent.path + "/" + name).create(
            secret: RuntimeFixtures.secret,
            header: RuntimeFixtures.header(
                plan,
                run: name,
                corpus: RuntimeFixtures.corpus(corpus)
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

    @Test func runsOnTheSameCorpusCompose() throws {
        try makeRun("one", corpus: ["a"], steps: 2)
        try makeRun("two", corpus: ["a", "b"], steps: 3)
        try makeRun("three", corpus: ["c"], steps: 4)
        let step = try RuntimeFixtures.plan().stepEvent
        func event(_ corpus: [String]) throws -> PrivacyEvent {
            try directory.spending(on: RuntimeFixtures.corpus(corpus)).event
        }
        #expect(try event(["a"]) == .repeated(step, count: 5))
        #expect(try event(["b"]) == .repeated(step, count: 3))
        #expect(try event(["c"]) == .repeated(step, count: 4))
        #expect(try event(["d"]) == .composed([]))
        #expect(try directory.records(on: RuntimeFixtures.corpus(["d"])).isEmpty)
        #expect(
            try directory.records(on: RuntimeFixtures.corpus(["a"])).map(\.run) == ["one", "two"]
        )
    }

    @Test func aCopyOfARunCountsOnce() throws {
        try makeRun("run", corpus: ["a"], steps: 3)
        try FileManager.default.copyItem(
            atPath: parent.path + "/run",
            toPath: parent.path + "/copy"
        )
        let spending = try directory.spending(on: RuntimeFixtures.corpus(["a"]))
        #expect(spending.count == 3)
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
        #expect(try directory.spending(on: RuntimeFixtures.corpus(["a"])).count == 4)
    }

    @Test func aDamagedLedgerIsNotLeftOutOfTheTotal() throws {
        try makeRun("run", corpus: ["a"], steps: 3)
        var bytes = try parent.bytes("run/ledger.jsonl")
        bytes[200] ^= 1
        try parent.write(bytes, to: "run/ledger.jsonl")
        #expect(throws: LedgerError.self) {
            try directory.spending(on: RuntimeFixtures.corpus(["z"])).count
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
