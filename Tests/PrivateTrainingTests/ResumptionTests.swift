import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Messages
import PrivacyVerification
import LanguageModel
import Testing
import Training

@testable import PrivateTraining

@Suite("Resumption")
struct ResumptionTests {
    @Test("Interrupted after any step, a run ends with the same bits", arguments: [1, 2])
    func everyStep(threads: Int) throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.threads = threads
        #expect(try workspace.run(request).isFinished)
        let whole = try workspace.weights()
        for step in 1...5 {
            request.run.folder = workspace.folder + "/runs/step\(step)"
            #expect(try !workspace.run(request, steps: step).isFinished)
            #expect(try workspace.run(request).stepsDone == 6)
            #expect(try workspace.weights("runs/step\(step)") == whole, "step \(step)")
            #expect(try workspace.entries("step", run: "runs/step\(step)") == 6)
        }
    }

    @Test("Steps after the newest checkpoint are computed again, at no cost")
    func lostCheckpoint() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        _ = try workspace.run(request)
        let whole = try workspace.weights()
        var other = request
        other.run.folder = workspace.folder + "/runs/other"
        _ = try workspace.run(other, steps: 4)
        for name in ["step-000004.h5", "step-000004.h5.sha256"] {
            try FileManager.default.removeItem(atPath: other.run.folder + "/" + name)
        }
        _ = try workspace.run(other)
        #expect(try workspace.weights("runs/other") == whole)
        #expect(try workspace.entries("step", run: "runs/other") == 6)
    }

    @Test("How often checkpoints are written changes nothing")
    func checkpointTiming() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        _ = try workspace.run(request)
        request.run.folder = workspace.folder + "/runs/often"
        request.checkpointMinutes = 0
        _ = try workspace.run(request)
        #expect(try workspace.weights("runs/often") == workspace.weights())
    }

    @Test("A resumed run needs no flag again, and keeps the settings it began with")
    func settingsAreKept() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.microBatchSize = 2
        _ = try workspace.run(request)
        let whole = try workspace.weights()
        request.run.folder = workspace.folder + "/runs/brief"
        _ = try workspace.run(request, steps: 3)
        var brief = FineTuningRequest(
            dataPaths: request.dataPaths,
            columns: request.columns,
            epsilon: 8,
            modelFolder: request.run.folder,
            run: request.run,
            threads: 1
        )
        brief.delta = 1e-3
        _ = try workspace.run(brief)
        #expect(try workspace.weights("runs/brief") == whole)
    }

    @Test("A changed setting is another release, which the target refuses")
    func changedSetting() throws {
        let workspace = try RunWorkspace()
        for change in 0..<2 {
            var request = workspace.request(run: "runs/changed\(change)")
            _ = try workspace.run(request, steps: 3)
            try workspace.removeCheckpoints(from: request.run.folder, after: 0)
            switch change {
            case 0: request.threads = 2
            default: request.microBatchSize = 3
            }
            request.run.resumes = true
            let notes = try FineTuning(request).notes
            #expect(
                notes.contains {
                    $0.description.contains("Reserved steps 1 to 3 cannot be replayed")
                }
            )
            // Three steps of the plan's cost are gone; another three are left.
            let outcome = try workspace.run(request)
            #expect(outcome.isStoppedByTarget && outcome.stepsDone == 3, "change \(change)")
            #expect(try workspace.entries("step", run: "runs/changed\(change)") == 6)
        }
    }

    @Test("A run that its target stops is complete as it is, and can be released")
    func stoppedByTarget() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.run.insecureSeed = nil
        _ = try workspace.run(request, steps: 4)
        try workspace.removeCheckpoints(from: request.run.folder, after: 0)
        request.threads = 2
        let outcome = try workspace.run(request)
        #expect(outcome.isStoppedByTarget && outcome.isFinished && outcome.stepsDone == 2)
        #expect(outcome.epsilon <= 8)
        #expect(outcome.checkpoint.hasSuffix("step-000002.h5"))
        #expect(try workspace.sizes("runs/one")["secret"] == nil)
        #expect(try workspace.entries("completion") == 1)
        let again = try workspace.run(request)
        #expect(again.isFinished && !again.isStoppedByTarget && again.stepsDone == 2)
        let out = workspace.folder + "/released"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let manifest = try RunRelease(run: request.run.folder).write(to: out)
        #expect(manifest.isPrivate && manifest.epsilon == outcome.epsilon)
        #expect(manifest.mechanism.stepsSpent == 6)
        #expect(manifest.warnings.contains { $0.contains("2 of 6") })
        #expect(try ManifestCheck(folder: out).problems == [])
    }

    @Test("With everything as it was, nothing is said to be lost")
    func nothingLost() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        _ = try workspace.run(request, steps: 3)
        try workspace.removeCheckpoints(from: request.run.folder, after: 0)
        request.run.resumes = true
        #expect(try !FineTuning(request).notes.contains { $0.description.contains("replayed") })
    }

    @Test("What is trained stays as the run began")
    func otherTraining() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        _ = try workspace.run(request, steps: 2)
        var others = [request, request, request, request]
        others[0].learningRate = 2e-2
        others[1].sequenceLength = 20
        others[2].loraRank = 1
        (others[3].learningRate, others[3].sequenceLength) = (2e-2, 20)
        let named = [
            "learning rate (0.01, not 0.02)", "sequence length (24, not 20)",
            "adapter rank (none, not 1)",
            "learning rate (0.01, not 0.02), sequence length (24, not 20)",
        ]
        for (other, settings) in zip(others, named) {
            let error = #expect(throws: RunError.self) { try workspace.run(other) }
            #expect(
                error?.description.contains("was started with other settings: \(settings).") == true
            )
        }
        #expect(try workspace.entries("step") == 2)
    }

    @Test("Another corpus, label set, number of records or column is refused")
    func otherInputs() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        _ = try workspace.run(request, steps: 2)
        var other = request
        try workspace.write(Array(RunWorkspace.rows.dropLast()), to: "other.csv")
        other.dataPaths = [workspace.folder + "/other.csv"]
        #expect(throws: RunError.otherCorpus(path: request.run.folder)) {
            try workspace.run(other)
        }
        other = request
        other.labelValues = try LabelSet(columns: ["topic"], values: [["a", "b"]])
        #expect(throws: RunError.self) { try workspace.run(other) }
        other = request
        other.maxGradNorm = 2
        #expect(throws: RunError.self) { try workspace.run(other) }
        other = request
        other.columns.user = "user"
        #expect(throws: RunError.self) { try workspace.run(other) }
    }

    @Test("Another share of the budget for label counts is refused, the same one is not")
    func labelCountsShare() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.labelCountsEpsilon = 1
        _ = try workspace.run(request, steps: 2)
        request.labelCountsEpsilon = 1.5
        #expect(throws: RunError.self) { try workspace.run(request) }
        request.labelCountsEpsilon = 1
        #expect(try workspace.run(request, steps: 1).stepsDone == 3)
        request.labelCountsEpsilon = nil
        #expect(try workspace.run(request).isFinished)
    }

    @Test("A shortened ledger and a changed description are refused")
    func tampering() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        _ = try workspace.run(request, steps: 3)
        let path = request.run.folder + "/ledger.jsonl"
        let ledger = try workspace.text("runs/one/ledger.jsonl")
        let lines = ledger.split(separator: "\n")
        try Data((lines.dropLast().joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: path))
        #expect(throws: LedgerError.self) { try workspace.run(request) }
        try Data(ledger.utf8).write(to: URL(filePath: path))
        let description = try workspace.text("runs/one/run.json")
        let weaker = description.replacingOccurrences(of: "\"record\"", with: "\"users\"")
            .replacingOccurrences(of: "\"not_private\" : true", with: "\"not_private\" : false")
        #expect(weaker != description)
        try Data(weaker.utf8).write(to: URL(filePath: request.run.folder + "/run.json"))
        #expect(throws: LedgerError.otherDescription(path: request.run.folder + "/run.json")) {
            try workspace.run(request)
        }
    }

    @Test("A finished run tells the same again, and its secret is gone")
    func finished() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        let first = try workspace.run(request)
        let again = try workspace.run(request)
        #expect(again.isFinished)
        #expect(again.epsilon == first.epsilon)
        #expect(again.stepsDone == 6)
        #expect(again.checkpoint == first.checkpoint)
        #expect(try workspace.sizes("runs/one")["secret"] == nil)
        #expect(try workspace.entries("completion") == 1)
    }

    /// Its secret is gone, so nothing can compute the steps after an earlier checkpoint again.
    @Test("A finished run whose last checkpoint is damaged or gone is refused wherever it is read")
    func damagedEnd() throws {
        for isDamaged in [true, false] {
            let workspace = try RunWorkspace()
            let request = workspace.request()
            let last = URL(filePath: try workspace.run(request).checkpoint)
            if isDamaged {
                var bytes = try Data(contentsOf: last)
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: last)
                #expect(throws: CheckpointError.self) {
                    try ModelFolder(path: request.run.folder).loadParameters()
                }
            } else {
                try FileManager.default.removeItem(at: last)
            }
            #expect(throws: TrainingError.self) { try workspace.run(request) }
            #expect(throws: TrainingError.self) {
                try Provenance(of: request.run.folder, checkedBy: .checkpoints)
            }
            #expect(throws: TrainingError.self) { try RunRelease(run: request.run.folder) }
        }
    }
}
