import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Testing
import Training

@testable import PrivateTraining

/// Whether noise could serve two different sums, of the trainer as it is and with a planted fault.
@Suite("Planted faults of keys")
struct PlantedKeyFaultTests {
    @discardableResult
    private func run(
        _ workspace: RunWorkspace,
        _ request: FineTuningRequest,
        steps: Int = .max,
        fault: PlantedFault.Kind?
    ) throws -> FineTuningOutcome {
        // One value a life of the process, as counters that live in memory have.
        try PlantedFault.$current.withValue(fault.map(PlantedFault.init)) {
            try workspace.run(request, steps: steps)
        }
    }

    /// Whether three steps, reserved and then lost, are drawn afresh after a change.
    ///
    /// The target has no room for one step more, so a fresh release is refused; a replay is not.
    private func getsFreshNoise(
        after change: (RunWorkspace, inout FineTuningRequest) throws -> Void,
        fault: PlantedFault.Kind?
    ) throws -> Bool {
        let workspace = try RunWorkspace()
        var request = workspace.request()
        try run(workspace, request, steps: 3, fault: fault)
        try workspace.removeCheckpoints(from: request.run.folder, after: 0)
        try change(workspace, &request)
        return try run(workspace, request, fault: fault).isStoppedByTarget
    }

    @Test(arguments: [nil, PlantedFault.Kind.noiseReusedAfterResumption])
    func aResumedRunReusesNoNoise(fault: PlantedFault.Kind?) throws {
        let workspace = try RunWorkspace()
        try run(workspace, workspace.request(), steps: 3, fault: fault)
        try run(workspace, workspace.request(), fault: fault)
        // Every step has a key of its own, and with it an entry.
        #expect((try workspace.entries("step") == 6) == (fault == nil))
    }

    @Test(arguments: [nil, PlantedFault.Kind.keyWithoutEnvironment])
    func anotherConfigurationGetsFreshNoise(fault: PlantedFault.Kind?) throws {
        let isFresh = try getsFreshNoise(after: { $1.threads = 2 }, fault: fault)
        #expect(isFresh == (fault == nil))
    }

    /// Whatever the file's fingerprint says, the key must know what was read of it.
    @Test(arguments: [nil, PlantedFault.Kind.keyWithoutEnvironment])
    func anotherCorpusGetsFreshNoise(fault: PlantedFault.Kind?) throws {
        let workspace = try RunWorkspace()
        let start = try FineTuningStart(workspace.request())
        let keys = try [5, 6].map { count in
            let read = TinyTrainer.corpus(TinyTrainer.units(count, seed: 1))
            let environment = try workspace.environment(of: start, reading: read)
            let inputs = StepInputs(
                runIdentifier: "one",
                step: 0,
                state: ContentDigest(domain: "state", fields: []),
                environment: try environment.digest()
            )
            let planted = fault.map { PlantedFault($0).changing(inputs) } ?? inputs
            return StepKey(secret: TinyTrainer.secret, inputs: planted).digest
        }
        #expect((keys[0] != keys[1]) == (fault == nil))
    }

    @Test(arguments: [nil, PlantedFault.Kind.keyWithoutState])
    func otherParametersGetFreshNoise(fault: PlantedFault.Kind?) throws {
        let isFresh = try getsFreshNoise(after: changeParameter, fault: fault)
        #expect(isFresh == (fault == nil))
    }

    /// Puts another number into the first checkpoint.
    private func changeParameter(
        _ workspace: RunWorkspace,
        _ request: inout FineTuningRequest
    ) throws {
        let files = RunFiles(folder: request.run.folder)
        let newest = try files.newest()
        let state = try TrainingState(newest.reader, trainable: .all, settings: AdamWSettings())
        state.parameters.values.store([0.125], at: 0)
        try workspace.removeCheckpoints(from: request.run.folder, after: -1)
        _ = try files.write(state, ledger: newest.ledger)
    }
}
