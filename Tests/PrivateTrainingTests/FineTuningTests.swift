import Corpus
import DifferentialPrivacy
import Foundation
import Messages
import Testing
import Training

@testable import PrivateTraining

@Suite("Fine-tuning")
struct FineTuningTests {
    /// What the world sees of a run, wall-clock figures left out.
    private func visible(_ rows: [String], _ run: String) throws -> [String] {
        let workspace = try RunWorkspace(rows: rows)
        let request = workspace.request(run: run)
        var lines: [String] = []
        let outcome = try workspace.run(request) { lines.append("\($0.step) \($0.epsilon)") }
        lines.append("\(outcome.stepsDone) \(outcome.epsilon) \(outcome.notes)")
        lines += try workspace.sizes(run).map { "\($0.key) \($0.value)" }.sorted()
        return lines + [try workspace.text(run + "/run.json")]
    }

    @Test(
        "With N public, neighbours give the same lines, files, sizes and description",
        arguments: [
            RunWorkspace.rows + ["one more,a,user9"],
            Array(RunWorkspace.rows.dropLast()),
            RunWorkspace.rows + [",a,user9"],
            RunWorkspace.rows + ["label outside the set,zzz,user9"],
            RunWorkspace.rows + [String(repeating: "huge ", count: 20_000) + ",a,user9"],
            RunWorkspace.rows + ["too,many,columns,here,now"],
        ]
    )
    func neighbours(rows: [String]) throws {
        #expect(try visible(rows, "runs/one") == visible(RunWorkspace.rows, "runs/one"))
    }

    @Test("Exact noise that its grid cannot serve is refused, and no run is made")
    func exactNoiseOutOfRange() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.usesExactNoise = true
        request.noiseMultiplier = 1e5
        let error = #expect(throws: TrainingError.self) { try FineTuning(request) }
        #expect(error?.description.contains("exact noise") == true)
        #expect(!FileManager.default.fileExists(atPath: request.run.folder))
        request.noiseMultiplier = nil
        #expect(try workspace.run(request, steps: 1).stepsDone == 1)
    }

    @Test("Adapters wider than the model are refused, and no run is made")
    func adaptersWiderThanTheModel() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.loraRank = 17
        let error = #expect(throws: TrainingError.self) { try FineTuning(request) }
        #expect(error?.description.contains("adapter rank is 17") == true)
        #expect(!FileManager.default.fileExists(atPath: request.run.folder))
        request.loraRank = 16
        #expect(try workspace.run(request, steps: 1).stepsDone == 1)
    }

    @Test("Without a public N, the dropped records count in it, and that is said loudly")
    func countOfRecords() throws {
        let workspace = try RunWorkspace(rows: RunWorkspace.rows + [",a,u", "x,zzz,u"])
        var request = workspace.request()
        request.datasetSize = nil
        let run = try FineTuning(request)
        #expect(run.notes.contains { $0.description.contains("14, is treated as public") })
        request.labelValues = nil
        request.run.folder += "2"
        let found = try FineTuning(request)
        #expect(
            found.notes.map(\.description).contains {
                $0.contains("label values") && $0.contains("public")
            }
        )
    }

    @Test("Batches that are almost always empty are noised, stepped and recorded")
    func emptyBatches() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.datasetSize = 1_000_000
        request.delta = 1e-7
        request.batchSize = 1
        request.epochs = 2e-5
        let before = try workspace.run(request, steps: 1)
        let first = try workspace.weights()
        #expect(!before.isFinished)
        let outcome = try workspace.run(request)
        #expect(outcome.stepsDone == 20)
        #expect(try workspace.entries("step") == 20)
        #expect(try workspace.weights() != first)
    }

    @Test("Without a target there is no noise and no clipping, and it says NOT PRIVATE")
    func unlimited() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.epsilon = .infinity
        request.run.insecureSeed = nil
        let outcome = try workspace.run(request, steps: 2)
        #expect(outcome.notPrivate)
        #expect(outcome.epsilon == .infinity)
        #expect(outcome.plan.noiseMultiplier == 0)
        #expect(outcome.plan.maxGradNorm == nil)
        #expect(outcome.plan.schedule.samplingProbability == 1.0 / 3)
        #expect(outcome.notes.contains { $0.description.hasPrefix("NOT PRIVATE") })
        // A δ without a target is no reason to refuse the resumption.
        #expect(try workspace.run(request).isFinished)
        request.noiseMultiplier = 1
        request.run.folder += "2"
        #expect(throws: TrainingError.self) { try workspace.run(request) }
    }

    @Test("Units and limits of users: N counts users, and no user has more than K records")
    func users() throws {
        let rows = (0..<20).map { "record \($0),a,\($0 < 12 ? "many" : "user\($0)")" }
        let workspace = try RunWorkspace(rows: rows)
        var request = workspace.request()
        request.columns.user = "user"
        request.maxRecordsPerUser = 3
        request.datasetSize = nil
        let start = try FineTuningStart(request)
        #expect(start.inputs.plan.unit == .user(maxRecords: 3))
        #expect(start.inputs.plan.schedule.unitCount == 9)
        #expect(start.inputs.corpus.units.map(\.count).max() == 3)
        #expect(start.inputs.corpus.units.count == 9)
    }

    @Test("A resumed run of users keeps K, and another K is refused")
    func usersResumed() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.columns.user = "user"
        request.datasetSize = 6
        request.maxRecordsPerUser = 1
        _ = try workspace.run(request)
        let whole = try workspace.weights()
        request.run.folder += "2"
        _ = try workspace.run(request, steps: 2)
        request.maxRecordsPerUser = 2
        #expect(throws: RunError.self) { try workspace.run(request) }
        request.maxRecordsPerUser = nil
        _ = try workspace.run(request)
        #expect(try workspace.weights("runs/one2") == whole)
    }

    @Test("Label counts are noised, recorded once, and the same when computed again")
    func labelCounts() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.labelCountsEpsilon = 2
        _ = try workspace.run(request, steps: 1)
        let counts = try workspace.text("runs/one/label-counts.json")
        #expect(counts.contains("\"topic\" : \"c\""))
        #expect(!counts.contains("\"weight\" : 6\n"))
        try FileManager.default.removeItem(atPath: request.run.folder + "/label-counts.json")
        _ = try workspace.run(request, steps: 1)
        #expect(try workspace.text("runs/one/label-counts.json") == counts)
        #expect(try workspace.entries("release") == 1)
        #expect(try workspace.run(request).epsilon <= 8)
    }

    @Test("Diagnostics appear when asked for alone, readable by their owner alone")
    func diagnostics() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        _ = try workspace.run(request, steps: 2)
        let name = PrivateDiagnostics.fileName
        #expect(try workspace.sizes("runs/one")[name] == nil)
        request.writesDiagnostics = true
        _ = try workspace.run(request)
        let path = request.run.folder + "/" + name
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try workspace.text("runs/one/" + name).split(separator: "\n").count == 4)
    }

    @Test("A plan that cannot be kept leaves nothing behind")
    func unreachable() throws {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        request.noiseMultiplier = 0.1
        #expect(throws: TrainingError.self) { try FineTuning(request) }
        request = workspace.request()
        request.delta = 0.5
        #expect(throws: PrivacyError.self) { try FineTuning(request) }
        #expect(!FileManager.default.fileExists(atPath: workspace.folder + "/runs"))
    }
}
