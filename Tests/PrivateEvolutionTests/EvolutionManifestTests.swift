import Corpus
import DifferentialPrivacy
import Foundation
import TestData
import Testing

@testable import PrivacyVerification
@testable import PrivateEvolution

/// What a finished run says of itself, and when.
@Suite struct EvolutionManifestTests {
    /// Begins a run of two iterations on forty records, or continues it.
    @discardableResult
    private func evolve(
        _ run: borrowing ToyRun,
        resumes: Bool = false
    ) async throws -> TextEvolutionOutcome {
        let data = run.parent + "/data.csv"
        let rows = (0..<40).map { "record number \($0),\($0 % 2 == 0 ? "glad" : "sad")\n" }
        if !resumes {
            try Data(("text,mood\n" + rows.joined()).utf8).write(to: URL(filePath: data))
        }
        let corpus = try TextCorpus.read(
            paths: [data],
            columns: ColumnSelection(labels: ["mood"]),
            labelValues: try LabelSet(columns: ["mood"], values: [["glad", "sad"]]),
            maxRecordsPerUser: 1,
            key: try LedgerDirectory(path: run.parent).makeFingerprintKey()
        )
        var request = TextEvolutionRequest(
            folder: run.path,
            budget: .limited(epsilon: 4, delta: 1e-3),
            settings: EvolutionSettings(
                iterations: 2,
                count: 4,
                classes: .noisyHistogram(count: 2),
                variations: 2
            ),
            product: "test"
        )
        request.resumes = resumes
        return try await TextEvolution(
            request,
            corpus: corpus,
            generator: TextEvolutionTests.generator(corpus.classes),
            embedder: TextEvolutionTests.embedder
        ).run(parallel: TextEvolutionTests.parallel, observe: { _ in })
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

    @Test func aManifestThatDoesNotKnowOfTheEndIsWrittenAgain() async throws {
        let run = try ToyRun()
        try await evolve(run)
        var earlier = try manifest(run)
        earlier.ledger.isComplete = false
        try Data(try earlier.fileContents()).write(to: file(run))
        try await evolve(run, resumes: true)
        #expect(try manifest(run).ledger.isComplete)
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
