import Corpus
import DifferentialPrivacy
import Foundation
import TestData
import Testing

@testable import PrivacyVerification
@testable import PrivateEvolution

/// What a finished run says of itself, and when.
@Suite struct EvolutionManifestTests {
    @discardableResult
    private func evolve(
        _ run: borrowing ToyRun,
        resumes: Bool = false
    ) async throws -> TextEvolutionOutcome {
        try await run.textEvolution(resumes: resumes)
            .run(parallel: TextEvolutionTests.parallel, observe: { _ in })
    }

    private func file(_ run: borrowing ToyRun) -> URL {
        URL(filePath: run.path + "/" + PrivacyManifest.fileName)
    }

    private func manifest(_ run: borrowing ToyRun) throws -> PrivacyManifest {
        let bytes = Array(try Data(contentsOf: file(run)))
        return try PrivacyManifest(fileContents: bytes, path: PrivacyManifest.fileName)
    }

    @Test func aFinishedRunSaysThatItsLedgerIsComplete() async throws {
        let run = try ToyRun()
        try await evolve(run)
        let record = try #require(try RunFolder(path: run.path).record(checkedBy: .iterations))
        let ledger = try manifest(run).ledger
        #expect(ledger.isComplete && record.isFinished)
        #expect(ledger.position == record.position)
        #expect(try ManifestCheck(folder: run.path).problems == [])
    }

    @Test func noEditOfItsStatementPasses() async throws {
        let run = try ToyRun()
        try await evolve(run)
        let contents = Array(try Data(contentsOf: file(run)))
        func isRefused(_ contents: [UInt8]) throws -> Bool {
            guard let manifest = try? PrivacyManifest(fileContents: contents, path: "") else {
                return true
            }
            return try !ReleaseFiles(of: manifest, contents: contents, in: run.path).problems
                .isEmpty
        }
        #expect(try !isRefused(contents))
        let edits = try JSONEdit.all(of: contents)
        let passed = try edits.filter { try !isRefused($0.contents) }
        #expect(edits.count > 400 && passed.isEmpty, "\(passed)")
    }

    /// As it is after a kill between the last line of the ledger and the manifest, or its page.
    @Test(arguments: [true, false]) func whatWasNotWrittenIsWrittenByResuming(
        hasPage: Bool
    ) async throws {
        let run = try ToyRun()
        try await evolve(run)
        let written = try Data(contentsOf: file(run))
        let page = run.path + "/" + PrivacyManifest.pageName
        try FileManager.default.removeItem(at: file(run))
        if !hasPage { try FileManager.default.removeItem(atPath: page) }
        try await evolve(run, resumes: true)
        #expect(try Data(contentsOf: file(run)) == written)
        #expect(try ManifestCheck(folder: run.path).problems == [])
    }

    /// Text that is not the run's gets no manifest, and keeps none that describes it.
    @Test func textThatWasChangedIsNotStatedToBeTheRuns() async throws {
        let run = try ToyRun()
        let output = URL(filePath: try await evolve(run).output)
        let written = try Data(contentsOf: file(run))
        try (Data(contentsOf: output) + Data("another,glad\r\n".utf8)).write(to: output)
        try await evolve(run, resumes: true)
        #expect(try Data(contentsOf: file(run)) == written)
        #expect(try ManifestCheck(folder: run.path).problems.count == 1)
        try FileManager.default.removeItem(at: file(run))
        let refusal = PrivateEvolutionError.damagedState(
            path: output.path,
            reason: "it is not what the last iteration kept"
        )
        await #expect(throws: refusal) { try await evolve(run, resumes: true) }
    }

    /// Votes have no batches and learn at no rate; an audit of training says nothing of them.
    @Test func itsLimitsAreThoseOfVotes() async throws {
        let run = try ToyRun()
        try await evolve(run)
        let manifest = try manifest(run)
        let said =
            (manifest.knownLimits + manifest.assumptions + [manifest.tuning, manifest.audit])
            .joined(separator: " ")
        for word in [
            "batch", "learning rate", "--exact-noise", "base model", "diagnostics", "step,",
        ] {
            #expect(!said.contains(word), "\(word)")
        }
        for word in ["votes", "prompts", "embed", "no epsilon", "runs training steps"] {
            #expect(said.contains(word), "\(word)")
        }
        let page = try String(
            contentsOfFile: run.path + "/" + PrivacyManifest.pageName,
            encoding: .utf8
        )
        #expect(try page == manifest.page && page.contains("says nothing of votes"))
    }
}

extension ToyRun {
    /// Two iterations that keep four texts in two classes.
    static let textSettings = EvolutionSettings(
        iterations: 2,
        count: 4,
        classes: .noisyHistogram(count: 2),
        variations: 2
    )

    /// Begins an evolution of texts on forty records, or continues it.
    func textEvolution(
        _ settings: EvolutionSettings = textSettings,
        epsilon: Double = 4,
        records: Int = 40,
        resumes: Bool = false
    ) throws -> TextEvolution {
        let data = parent + "/data.csv"
        let rows = (0..<records).map { "record number \($0),\($0 % 2 == 0 ? "glad" : "sad")\n" }
        try Data(("text,mood\n" + rows.joined()).utf8).write(to: URL(filePath: data))
        let corpus = try TextCorpus.read(
            paths: [data],
            columns: ColumnSelection(labels: ["mood"]),
            labelValues: try LabelSet(columns: ["mood"], values: [["glad", "sad"]]),
            maxRecordsPerUser: 1,
            key: try LedgerDirectory(path: parent).makeFingerprintKey()
        )
        var request = TextEvolutionRequest(
            RunRequest(folder: path, product: "test", witness: .iterations),
            budget: try PrivacyBudget(epsilon: epsilon, delta: 1e-3),
            settings: settings
        )
        request.run.resumes = resumes
        return try TextEvolution(
            request,
            corpus: corpus,
            generator: TextEvolutionTests.generator(corpus.classes),
            embedder: TextEvolutionTests.embedder
        )
    }
}
