import DifferentialPrivacy
import Foundation
import LanguageModel
import Synchronization
import Testing

@testable import PrivateEvolution

/// The real file system until the n-th change, then every change fails: a crash at any point.
final class CrashingFiles: FileOperations {
    private let system = SystemFiles()
    private let remaining: Mutex<Int>
    let changes = Mutex(0)

    init(after count: Int) { remaining = Mutex(count) }

    private func change(_ path: String) throws(LedgerError) {
        changes.withLock { $0 += 1 }
        let left = remaining.withLock {
            $0 -= 1
            return $0
        }
        if left < 0 { throw .fileFailed(operation: "write", path: path, code: 5) }
    }

    func createFile(_ path: String) throws(LedgerError) -> OpenFile {
        try change(path)
        return try system.createFile(path)
    }
    func openFile(_ path: String) throws(LedgerError) -> OpenFile { try system.openFile(path) }
    func openFolder(_ path: String) throws(LedgerError) -> OpenFile { try system.openFolder(path) }
    func createFolder(_ path: String) throws(LedgerError) {
        try change(path)
        try system.createFolder(path)
    }
    func append(_ bytes: [UInt8], to file: borrowing OpenFile) throws(LedgerError) {
        do { try change(file.path) } catch {
            // A write that was cut off: half of the bytes arrive.
            try system.append(Array(bytes.prefix(bytes.count / 2)), to: file)
            throw error
        }
        try system.append(bytes, to: file)
    }
    func truncate(_ file: borrowing OpenFile, to length: Int) throws(LedgerError) {
        try change(file.path)
        try system.truncate(file, to: length)
    }
    /// Counts, but waits for no disk: the process, not the machine, is what dies here.
    func synchronize(_ file: borrowing OpenFile) throws(LedgerError) {
        try change(file.path)
    }
    func lock(_ file: borrowing OpenFile) throws(LedgerError) -> Bool { try system.lock(file) }
    func contents(of path: String) throws(LedgerError) -> [UInt8]? {
        try system.contents(of: path)
    }
    func rename(_ source: String, to target: String) throws(LedgerError) {
        try change(target)
        try system.rename(source, to: target)
    }
    func link(_ source: String, as target: String) throws(LedgerError) -> Bool {
        try change(target)
        return try system.link(source, as: target)
    }
    func removeFile(_ path: String) throws(LedgerError) {
        try change(path)
        try system.removeFile(path)
    }
    func names(in folder: String) throws(LedgerError) -> [String]? { try system.names(in: folder) }
    func removeFolder(_ path: String) throws(LedgerError) {
        try change(path)
        try system.removeFolder(path)
    }
}

@Suite struct ResumptionTests {
    static let settings = EvolutionSettings(
        iterations: 2,
        count: 3,
        classes: .noisyHistogram(count: 2),
        variations: 2,
        lookahead: 2
    )

    func corpus() throws -> PrivateCorpus {
        try .around([Point(x: 1, y: 1), Point(x: -2, y: 3)], count: 50, spread: 1)
    }

    /// Every change to the disk fails once, in its own run; the run that goes on afterwards ends
    /// with the same candidates and counts, and the ledger has counted each release once.
    @Test func aRunKilledAnywhereEndsAsIfItHadNotBeen() async throws {
        let counting = CrashingFiles(after: .max)
        let whole = try ToyRun()
        let kept = try await start(whole, counting)
        let expected = try whole.released()
        let changes = counting.changes.withLock { $0 }
        #expect(changes > 50)
        for crash in 0..<changes {
            let run = try ToyRun()
            await #expect(throws: LedgerError.self) {
                try await start(run, CrashingFiles(after: crash))
            }
            #expect(try await start(run, CrashingFiles(after: .max)) == kept)
            #expect(try run.released() == expected)
            let record = try #require(try RunFolder(path: run.path).record(checkedBy: .none))
            #expect(record.spending.count == 3)
        }
    }

    /// Makes or opens the run and takes it to its end; the ledger uses `files`, too.
    func start(_ run: borrowing ToyRun, _ files: CrashingFiles) async throws
        -> [Individual<Point>]
    {
        let ledger = try run.openLedger(
            settings: Self.settings,
            noiseMultiplier: 2,
            files: files
        )
        return try await run.evolution(Self.settings, noiseMultiplier: 2, files: files)
            .run(on: try corpus(), ledger: ledger)
    }

    /// What a generator delivered before it failed is not asked for again.
    @Test func deliveredCandidatesAreNotMadeTwice() async throws {
        let run = try ToyRun()
        let settings = Self.settings.with(\.lookahead, 0).with(\.classes, .weights([1, 1]))
        let first = PointGenerator(failingAfter: 4)
        do {
            let ledger = try run.openLedger(settings: settings, noiseMultiplier: 2)
            let evolution = try run.evolution(settings, noiseMultiplier: 2, generator: first)
            await #expect(throws: PointGenerator.Failure.self) {
                try await evolution.run(on: try corpus(), ledger: ledger)
            }
            #expect(ledger.record.spending.count == 0)
        }
        let second = PointGenerator()
        let ledger = try run.openLedger(settings: settings, noiseMultiplier: 2)
        _ = try await run.evolution(settings, noiseMultiplier: 2, generator: second)
            .run(on: try corpus(), ledger: ledger)
        // 6 fresh candidates and 3 variations; kept ones compete as they are.
        #expect(first.calls.withLock { $0 } == 4)
        #expect(second.calls.withLock { $0 } == 5)
    }

    /// Other candidates, other settings, another corpus or embedder: other noise; the same, the same.
    ///
    /// The digests of corpus and embedder alone change here: counted are the same votes.
    @Test func noiseIsBoundToWhatIsCounted() async throws {
        func votes(
            seed: UInt64 = 1,
            corpus digest: String = "test-corpus",
            embedder: PointEmbedder = PointEmbedder(),
            on machine: ComputingMachine = .imagined,
            _ change: (EvolutionSettings) -> EvolutionSettings = { $0 }
        ) async throws -> [Double] {
            let run = try ToyRun()
            let settings = change(
                Self.settings.with(\.iterations, 1).with(\.classes, .weights([1, 1]))
            )
            let ledger = try run.openLedger(settings: settings, noiseMultiplier: 2, seed: seed)
            _ = try await run.evolution(
                settings,
                noiseMultiplier: 2,
                embedder: embedder,
                corpus: digest,
                machine: machine
            ).run(on: try corpus(), ledger: ledger)
            let name = "iteration-001/histogram.json"
            let data = try #require(try run.released()[name])
            return try JSONDecoder().decode([Double].self, from: data)
        }
        let original = try await votes()
        #expect(original.reduce(0, +) > 50)
        #expect(try await votes() == original)
        func changed(_ fact: WritableKeyPath<ComputingMachine, String>) -> ComputingMachine {
            var machine = ComputingMachine.imagined
            machine[keyPath: fact] += "2"
            return machine
        }
        let others = [
            try await votes(seed: 2), try await votes(corpus: "another-corpus"),
            try await votes(embedder: PointEmbedder(fingerprint: Array("other".utf8))),
            try await votes(on: changed(\.coreName)),
            try await votes(on: changed(\.buildDescription)),
            try await votes(on: changed(\.instructionSet)),
            try await votes(on: changed(\.executable)),
            try await votes { $0.with(\.neighborCount, 2) },
            try await votes { $0.with(\.lookahead, 1) },
        ]
        for other in others { #expect(Set(other).isDisjoint(with: original)) }
    }

    @Test func aHistogramOfOtherCandidatesIsRefused() async throws {
        let run = try ToyRun()
        let ledger = try run.openLedger(settings: Self.settings, noiseMultiplier: 2)
        let evolution = try run.evolution(Self.settings, noiseMultiplier: 2)
        _ = try await evolution.run(on: try corpus(), ledger: ledger)
        let file = URL(fileURLWithPath: run.path + "/iteration-001/candidates.jsonl")
        var text = try String(contentsOf: file, encoding: .utf8)
        text = text.replacing("\"x\":", with: "\"x\": ", maxReplacements: 1)
        try Data(text.utf8).write(to: file)
        await #expect(throws: PrivateEvolutionError.self) {
            try await evolution.run(on: try corpus(), ledger: ledger)
        }
    }
}
