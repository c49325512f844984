import DifferentialPrivacy
import Foundation
import Messages
import PrivacyVerification
import Synchronization
import Testing

@testable import PrivatePrediction

/// The whole way of a text, from a corpus on disk to the files of a run.
@Suite struct TextPredictionTests {
    @Test(arguments: PredictionRule.allCases)
    func aRunWritesTextsManifestAndLedgerAndCanBeAskedAgain(rule: PredictionRule) throws {
        let workspace = try PredictionWorkspace()
        let settings = PredictionWorkspace.settings(rule)
        let first = try workspace.run(settings)
        #expect(first.guarantee.epsilon <= 4 && first.guarantee.epsilon > 3.99)
        let texts = try workspace.contents("synthetic.csv").split(separator: "\r\n")
        #expect(texts.count == 7 && texts[0] == "text,topic")
        #expect(texts.dropFirst().allSatisfy { $0.hasSuffix(",a") || $0.hasSuffix(",b") })
        // A seeded run is not private, and says so; all else must hold.
        let check = try ManifestCheck(folder: workspace.path)
        #expect(check.problems == [], "\(check.problems)")
        let bytes = try #require(
            FileManager.default.contents(atPath: workspace.path + "/privacy.json")
        )
        let manifest = try PrivacyManifest(fileContents: Array(bytes), path: "privacy.json")
        #expect(manifest.mechanism.tokenChoices?.rule == rule.rawValue)
        #expect(manifest.mechanism.stepsSpent == (rule.samplesEachToken ? 3 : 1))
        #expect(manifest.mechanism.otherReleases.count == (rule.samplesEachToken ? 0 : 1))
        #expect(!FileManager.default.fileExists(atPath: workspace.path + "/secret"))
        let second = try workspace.run(settings, resumes: true)
        #expect(second.guarantee == first.guarantee && second.plan == first.plan)
    }

    /// Stopped after every text: nothing lost, nothing paid twice, the very same texts.
    @Test(arguments: PredictionRule.allCases)
    func aRunThatIsStoppedAtEveryTextIsTheSameRun(rule: PredictionRule) async throws {
        let settings = PredictionWorkspace.settings(rule)
        let whole = try PredictionWorkspace()
        let expected = try whole.run(settings)
        let stopped = try PredictionWorkspace()
        try stopped.adoptKey(of: whole)
        var lives = 0
        var outcome: TextPredictionOutcome?
        while outcome == nil, lives < 20 {
            lives += 1
            let sawOne = Mutex(-1)
            let task = Task { () throws -> TextPredictionOutcome in
                try stopped.run(settings, resumes: true) { done in
                    let first = sawOne.withLock { known in
                        if known < 0 { known = done }
                        return known
                    }
                    if done > first { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
                }
            }
            do { outcome = try await task.value } catch is CancellationError {}
        }
        #expect(lives > 2)
        #expect(outcome?.guarantee == expected.guarantee)
        #expect(
            try stopped.contents("synthetic.csv") == whole.contents("synthetic.csv")
        )
        let entries = try stopped.contents("ledger.jsonl").split(separator: "\n").count
        #expect(try whole.contents("ledger.jsonl").split(separator: "\n").count == entries)
    }

    /// Another model, corpus or setting is no continuation.
    @Test func everyOtherSettingIsNamed() throws {
        let workspace = try PredictionWorkspace()
        let settings = PredictionWorkspace.settings(.clippedDifference)
        _ = try workspace.prediction(settings)
        var other = settings
        (other.maximumNewTokens, other.prompts, other.temperature) = (7, 4, 1.5)
        let error = #expect(throws: RunError.self) {
            _ = try workspace.prediction(other, epsilon: 5, resumes: true)
        }
        let text = try #require(error?.description)
        for part in ["tokens (6, not 7)", "prompts (5, not 4)", "temperature (", "epsilon (4.0"] {
            #expect(text.contains(part), "\(text)")
        }
    }

    /// Nothing that a run leaves or says holds a word of the corpus.
    @Test(arguments: PredictionRule.allCases)
    func noFileOfARunQuotesARecord(rule: PredictionRule) throws {
        let workspace = try PredictionWorkspace()
        let settings = PredictionWorkspace.settings(rule)
        let prediction = try workspace.prediction(settings)
        let notes = prediction.notes.map(\.description)
        _ = try prediction.run(parallel: PredictionWorkspace.parallel) { _ in }
        let files = try FileManager.default.subpathsOfDirectory(atPath: workspace.path)
        #expect(files.contains("texts.jsonl") && files.contains("PRIVACY.md"))
        for name in files {
            let data = FileManager.default.contents(atPath: workspace.path + "/" + name) ?? Data()
            #expect(data.range(of: Data(PredictionWorkspace.canary.utf8)) == nil, "\(name)")
        }
        #expect(!notes.contains { $0.contains(PredictionWorkspace.canary) })
    }

    @Test func poolsThatAreTooSmallAreRefused() throws {
        let workspace = try PredictionWorkspace()
        var many = PredictionWorkspace.settings(.clippedDifference)
        many.count = 10
        let refusal = PrivatePredictionError.tooManyTexts(count: 10, records: 48, perText: 5)
        #expect(throws: refusal) { _ = try workspace.prediction(many) }
        // 8 records a token of a class that is said to have 12 of 48.
        var small = PredictionWorkspace.settings(.gaussian)
        small.classWeights = [3, 1]
        #expect(throws: PrivatePredictionError.smallClass(probability: 8.0 / 12, records: 8)) {
            _ = try workspace.prediction(small)
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.path))
    }

    @Test func withoutATargetNothingIsPromised() throws {
        let workspace = try PredictionWorkspace()
        for (number, rule) in PredictionRule.allCases.enumerated() {
            let plan = try PredictionPlan(
                settings: PredictionWorkspace.settings(rule),
                budget: .unlimited,
                unitCount: 48,
                source: ContentDigest(domain: "test", fields: [])
            )
            #expect(plan.roundEvent == .nonPrivate, "\(number)")
            let stored = try PredictionPlan(fileContents: plan.fileContents(), path: "")
            #expect(stored == plan)
        }
        _ = workspace
    }
}
