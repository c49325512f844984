import DifferentialPrivacy
import Foundation
import Testing
import Training

@testable import PrivateTraining

@Suite("Provenance")
struct ProvenanceTests {
    private let workspace: RunWorkspace

    init() throws { workspace = try RunWorkspace() }

    private func provenance(_ run: String = "runs/one") throws -> Provenance {
        try #require(
            try Provenance(of: workspace.folder + "/" + run, checkedBy: .checkpoints)
        )
    }

    /// A run that has not the mark of a seed.
    private func request(_ run: String = "runs/one") -> FineTuningRequest {
        var request = workspace.request(run: run)
        request.run.insecureSeed = nil
        return request
    }

    @Test func aPlainModelHasNone() throws {
        let model = workspace.folder + "/model"
        #expect(try Provenance(of: model, checkedBy: .none) == nil)
    }

    /// Whoever takes a model out of a run has chosen the step: the whole plan is promised.
    @Test func beforeItsEndARunPromisesWhatItPlanned() throws {
        let spent = try workspace.run(request(), steps: 1)
        #expect(!spent.isFinished && spent.epsilon < 7)
        let early = try provenance()
        #expect(!early.isFinished && early.isPrivate)
        #expect(early.guarantee.epsilon > 7.9 && early.guarantee.epsilon <= 8)
        #expect(!early.ofCopy.isPrivate)
        #expect(early.ofCopy.warnings.first?.hasPrefix("NOT PRIVATE") == true)
        let end = try workspace.run(request())
        let whole = try provenance()
        #expect(whole.isFinished && whole.isPrivate && whole.ofCopy == whole)
        #expect(whole.guarantee.epsilon == end.epsilon && whole.warnings.isEmpty)
    }

    /// A branch that other settings made costs more than the plan, as long as the target has room.
    @Test func whatWasSpentBeyondThePlanCounts() throws {
        var loose = request()
        loose.noiseMultiplier = 20
        try workspace.run(loose, steps: 5)
        try workspace.removeCheckpoints(from: loose.run.folder, after: 0)
        let planned = try provenance().guarantee.epsilon
        loose.threads = 2
        let spent = try workspace.run(loose, steps: 5)
        #expect(try provenance().guarantee.epsilon == spent.epsilon)
        #expect(spent.epsilon > planned)
    }

    @Test func seededAndUnlimitedRunsAreMarked() throws {
        try workspace.run(workspace.request())
        var unlimited = request("runs/unlimited")
        unlimited.epsilon = .infinity
        unlimited.delta = nil
        try workspace.run(unlimited)
        for run in ["runs/one", "runs/unlimited"] {
            let mark = try provenance(run)
            #expect(!mark.isPrivate && mark.isFinished)
            #expect(mark.warnings.first?.hasPrefix("NOT PRIVATE") == true)
            #expect((mark.guarantee.epsilon == .infinity) == (run == "runs/unlimited"))
        }
    }

    @Test func aMarkSurvivesItsFileAndADamagedOneIsRefused() throws {
        try workspace.run(request(), steps: 1)
        let mark = try provenance().ofCopy
        let copy = workspace.folder + "/model"
        try mark.write(to: copy)
        #expect(try Provenance(of: copy, checkedBy: .none) == mark)
        #expect(throws: LedgerError.self) { try mark.write(to: copy) }
        try Data("{}".utf8).write(to: URL(filePath: copy + "/" + Provenance.fileName))
        #expect(throws: TrainingError.self) { try Provenance(of: copy, checkedBy: .none) }
    }

    /// The checkpoint knows how long the ledger was.
    @Test func aShortenedLedgerIsRefusedWhereverARunIsRead() throws {
        try workspace.run(request(), steps: 3)
        try workspace.run(request("runs/two"))
        let path = "runs/one/ledger.jsonl"
        let lines = try workspace.text(path).split(separator: "\n").dropLast()
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: workspace.folder + "/" + path))
        let error = LedgerError.doesNotCover(
            path: workspace.folder + "/" + path,
            entries: 3,
            required: 4
        )
        #expect(throws: error) { try provenance() }
        // Its sibling's total would be too small; so would a release's.
        #expect(throws: error) { try workspace.run(request("runs/two")) }
        #expect(throws: error) { try RunRelease(run: workspace.folder + "/runs/two") }
        #expect(throws: error) { try RunRelease(run: workspace.folder + "/runs/one") }
        // What is damaged itself is no witness.
        for name in ["step-000003.h5", "step-000000.h5"] {
            let url = URL(filePath: workspace.folder + "/runs/one/" + name)
            try (try Data(contentsOf: url) + [0]).write(to: url)
        }
        #expect(try provenance().guarantee.epsilon <= 8)
    }

    @Test func otherWeightsInAFinishedRunDoNotPassForItsOwn() throws {
        let request = request()
        try workspace.run(request)
        #expect(try provenance().isFinished)
        try FileManager.default.copyItem(
            atPath: workspace.folder + "/model/model.safetensors",
            toPath: request.run.folder + "/model.safetensors"
        )
        #expect(throws: TrainingError.self) { try provenance() }
        #expect(throws: TrainingError.self) { try RunRelease(run: request.run.folder) }
    }

    /// Deleting their file takes the warning away no more.
    @Test func diagnosticsAreRemembered() throws {
        var request = request()
        request.writesDiagnostics = true
        try workspace.run(request)
        try FileManager.default.removeItem(
            atPath: request.run.folder + "/" + PrivateDiagnostics.fileName
        )
        #expect(try provenance().warnings == [PrivacyManifest.diagnosticsWarning])
        let out = workspace.folder + "/release"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let manifest = try RunRelease(run: request.run.folder).write(to: out)
        #expect(manifest.warnings.contains(PrivacyManifest.diagnosticsWarning))
    }
}
