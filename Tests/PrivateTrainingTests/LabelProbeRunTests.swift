import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import PrivacyVerification
import Testing
import Training

@testable import PrivateTraining

/// Runs that train a label probe at their end.
@Suite("Label probe of a run")
struct LabelProbeRunTests {
    private static let steps = 7

    static func request(
        _ workspace: RunWorkspace,
        run: String = "runs/one"
    ) -> FineTuningRequest {
        probed(workspace.request(run: run))
    }

    /// The same run with a probe of few steps.
    static func probed(_ request: FineTuningRequest) -> FineTuningRequest {
        var request = request
        request.labelEpsilon = 2
        request.labelSteps = steps
        request.labelSettings.directions = 6
        request.labelSettings.syntheticTexts = 20
        return request
    }

    private func files(_ workspace: RunWorkspace, _ run: String = "runs/one") throws -> [String] {
        [
            try workspace.text("\(run)/\(LabelProbeFile.names.description)"),
            try workspace.text("\(run)/\(LabelProbeFile.names.tensors)"),
        ]
    }

    @Test func stepsAndProbeComposeToTheTarget() throws {
        let workspace = try RunWorkspace()
        let outcome = try workspace.run(Self.request(workspace))
        #expect(outcome.isFinished && outcome.labelProbeSteps == Self.steps)
        #expect(try workspace.entries("step") == 6 && workspace.entries("release") == Self.steps)
        let probe = try #require(outcome.plan.labelProbe)
        // By itself the probe costs what it was given, exactly; in all the target is met from below.
        let alone = try PrivacyAccounting.guarantee(
            of: .gaussian(noiseMultiplier: probe.composedNoiseMultiplier),
            delta: 1e-3
        ).epsilon
        #expect(alone <= 2 && alone > 2 * (1 - 2e-4))
        let composed = try PrivacyAccounting.guarantee(
            of: .composed([
                .repeated(outcome.plan.stepEvent, count: 6),
                .gaussian(noiseMultiplier: probe.composedNoiseMultiplier),
            ]),
            delta: 1e-3
        ).epsilon
        #expect(abs(composed - outcome.epsilon) < 1e-9)
        #expect(composed <= 8 && composed > 8 * (1 - 1e-3))
        // Eight and two cost less together than ten: the training has less noise than at ε = 6.
        let six = try NoiseCalibration(epsilon: 6, delta: 1e-3).training(
            samplingProbability: 4 / 12,
            steps: 6
        ).noiseMultiplier
        #expect(outcome.plan.noiseMultiplier < six)
        let again = try workspace.run(Self.request(workspace))
        #expect(again.isFinished && again.epsilon == outcome.epsilon)
    }

    /// Stopped after any step or reading of the corpus, it ends with the same bits at the same cost.
    @Test func interruptedAnywhereItEndsWithTheSameProbe() throws {
        let workspace = try RunWorkspace()
        _ = try workspace.run(Self.request(workspace))
        let whole = try files(workspace)
        for moment in [5, 6, 7, 25, 26, 27, 29, 32] {
            let run = "runs/at\(moment)"
            let request = Self.request(workspace, run: run)
            #expect(try !workspace.run(request, steps: moment).isFinished, "\(moment)")
            #expect(try workspace.sizes(run)[LabelProbeFile.names.description] == nil)
            #expect(try workspace.sizes(run)["secret"] != nil)
            let outcome = try workspace.run(request)
            #expect(outcome.isFinished && outcome.labelProbeSteps == Self.steps)
            #expect(try files(workspace, run) == whole, "\(moment)")
            #expect(try workspace.entries("release", run: run) == Self.steps)
            #expect(try workspace.entries("step", run: run) == 6)
        }
    }

    /// Steps that are paid for twice must not use up what the probe is promised.
    @Test func trainingThatIsComputedAgainLeavesTheProbesShare() throws {
        let workspace = try RunWorkspace()
        var request = Self.request(workspace)
        _ = try workspace.run(request, steps: 4)
        try workspace.removeCheckpoints(from: request.run.folder, after: 0)
        request.threads = 2
        let outcome = try workspace.run(request)
        #expect(outcome.isStoppedByTarget && outcome.stepsDone == 2)
        #expect(outcome.labelProbeSteps == Self.steps && outcome.epsilon <= 8)
        #expect(try workspace.entries("release") == Self.steps)
    }

    /// With anything changed, the steps of a probe are other releases, which the target refuses.
    @Test func otherFeaturesGetFreshNoise() throws {
        let workspace = try RunWorkspace()
        let request = Self.request(workspace)
        _ = try workspace.run(request, steps: 6 + 20 + 3)
        let newest = try RunFiles(folder: request.run.folder).newest()
        let state = try TrainingState(newest.reader, trainable: .all, settings: AdamWSettings())
        state.parameters.values.store([0.125], at: 0)
        try workspace.removeCheckpoints(from: request.run.folder, after: -1)
        _ = try RunFiles(folder: request.run.folder).write(state, ledger: newest.ledger)
        let outcome = try workspace.run(request)
        // Three of seven are gone.
        #expect(outcome.isFinished && outcome.labelProbeSteps == 4)
        #expect(try workspace.entries("release") == 7 && outcome.epsilon <= 8)
    }

    @Test func withoutABudgetItIsTrainedWithoutNoise() throws {
        let workspace = try RunWorkspace()
        var request = Self.request(workspace)
        request.epsilon = .infinity
        request.delta = nil
        #expect(throws: TrainingError.self) { try workspace.run(request) }
        request.labelEpsilon = .infinity
        let outcome = try workspace.run(request)
        #expect(outcome.isFinished && outcome.notPrivate)
        #expect(outcome.plan.labelProbe?.noiseMultiplier == 0)
        #expect(outcome.labelProbeSteps == Self.steps)
    }

    @Test func aShareThatIsNoPartIsRefused() throws {
        let workspace = try RunWorkspace()
        for share in [0, -1, 8, 9, Double.nan, .infinity] {
            var request = Self.request(workspace)
            request.labelEpsilon = share
            #expect(throws: TrainingError.self, "\(share)") { try workspace.run(request) }
        }
        var request = Self.request(workspace)
        request.columns.labels = []
        request.labelValues = nil
        #expect(throws: TrainingError.self) { try workspace.run(request) }
        request = Self.request(workspace)
        _ = try workspace.run(request, steps: 2)
        request.labelEpsilon = 1
        #expect(throws: RunError.self) { try workspace.run(request) }
    }

    @Test func aReleaseCarriesTheProbeAndStatesIt() throws {
        let workspace = try RunWorkspace()
        var request = Self.request(workspace)
        request.run.insecureSeed = nil
        request.loraRank = 2
        let outcome = try workspace.run(request)
        let out = workspace.folder + "/released"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let manifest = try RunRelease(run: request.run.folder).write(to: out)
        #expect(manifest.epsilon == outcome.epsilon && manifest.mechanism.otherReleases.isEmpty)
        let stated = try #require(manifest.mechanism.labelProbe)
        #expect(stated.stepsSpent == Self.steps && stated.divisor == 12)
        #expect(stated.columns == ["topic"] && (stated.guarantee?.epsilon ?? 9) <= 2)
        #expect(try manifest.page.contains("A classifier of topic was trained"))
        #expect(try ManifestCheck(folder: out).problems.isEmpty)
        let names = [LabelProbeFile.names.description, LabelProbeFile.names.tensors]
        #expect(names.allSatisfy { name in manifest.files.contains { $0.name == name } })
        let parameters = try ModelFolder(path: out).loadParameters()
        let beginningOfText = try BytePairTokenizer(folder: out).beginningOfText
        let released = try LabelProbeFile.read(
            from: out,
            parameters: parameters,
            beginningOfText: beginningOfText
        )
        #expect(released != nil)
        // Any other figure of it does not follow.
        let edits: [(inout PrivacyManifest.LabelProbe) -> Void] = [
            { $0.stepsSpent -= 1 }, { $0.noiseMultiplier *= 1.01 }, { $0.divisor += 1 },
            { $0.guarantee = nil }, { $0.maxGradNorm = 0 }, { $0.features += " " },
        ]
        for (place, edit) in edits.enumerated() {
            var edited = manifest
            var probe = stated
            edit(&probe)
            edited.mechanism.labelProbe = probe
            for name in [PrivacyManifest.fileName, PrivacyManifest.pageName] {
                try FileManager.default.removeItem(atPath: out + "/" + name)
            }
            try edited.write(to: out)
            #expect(try !ManifestCheck(folder: out).problems.isEmpty, "edit \(place)")
        }
    }
}
