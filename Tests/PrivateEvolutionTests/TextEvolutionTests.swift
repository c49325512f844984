import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Messages
import TestData
import Testing

@testable import PrivateEvolution

/// The whole way of a text, from a local model to the files of a run.
@Suite struct TextEvolutionTests {
    static let parallel = ParallelFor(threadCount: 2)
    static let tokenizer = BytePairTrainer(vocabularySize: BytePairTrainer.smallestVocabulary)
        .tokenizer()
    static let parameters: DecoderParameters = {
        var generator = SeededGenerator(seed: 11)
        return DecoderParameters(
            initializing: DecoderConfiguration(
                vocabularySize: tokenizer.vocabularySize,
                contextLength: 64,
                width: 16,
                layerCount: 1,
                headCount: 2
            ),
            using: &generator
        )
    }()

    static let embedder = HiddenStateEmbedder(
        parameters,
        modelName: "tiny",
        digest: [],
        beginningOfText: tokenizer.endOfText,
        tokenize: { tokenizer.encode($0) }
    )

    static func generator(_ classes: TextClasses) -> LocalTextGenerator {
        let encoder = ExampleEncoder(
            tokenizer: tokenizer,
            sequenceLength: 64,
            labelSet: classes.labelSet
        )
        return LocalTextGenerator(
            model: TextGenerator(parameters, batchSize: 8, parallel: parallel),
            digest: [],
            tokenizer: tokenizer,
            prefixes: (0..<classes.count).map {
                encoder.prefix(labels: classes.labels(ofClass: $0))
            },
            options: SamplingOptions(maximumNewTokens: 12, endOfText: tokenizer.endOfText)
        )
    }

    @Test func aRunWritesTextsManifestAndLedgerAndCanBeAskedAgain() async throws {
        let run = try ToyRun()
        let first = try await run.textEvolution().run(parallel: Self.parallel, observe: { _ in })
        #expect(first.guarantee.epsilon <= 4 && first.guarantee.epsilon > 3.999)
        for name in ["synthetic.csv", "iteration-001/synthetic.csv", "iteration-002/synthetic.csv"]
        {
            let text = try String(contentsOfFile: run.path + "/" + name, encoding: .utf8)
            #expect(text.hasPrefix("text,mood\r\n"))
            // Four kept texts; none has a line feed of its own.
            #expect(name != "synthetic.csv" || text.split(separator: "\r\n").count == 5)
        }
        let folder = EvolutionFolder(path: run.path)
        let manifest = try #require(
            try folder.files.contents(of: run.path + "/" + PrivacyManifest.fileName)
        )
        let stated = try PrivacyManifest(fileContents: manifest, path: PrivacyManifest.fileName)
        // Two votes, and the histogram of the classes.
        #expect(stated.isPrivate && stated.guarantee == first.guarantee)
        #expect(stated.mechanism.stepsSpent == 3)
        #expect(!FileManager.default.fileExists(atPath: run.path + "/secret"))
        // Asked again with the same settings it is there and finished.
        let again = try run.textEvolution(resumes: true)
        let header = again.header
        let second = try await again.run(parallel: Self.parallel, observe: { _ in })
        #expect(second.guarantee == first.guarantee && second.plan == first.plan)
        try expectOtherPlanIsRefused(in: run.path, header)
    }

    /// The file that says what was planned is the one that the ledger knows, to the byte.
    private func expectOtherPlanIsRefused(in folder: String, _ header: LedgerHeader) throws {
        let path = folder + "/" + EvolutionPlan.fileName
        let file = URL(filePath: path)
        try (Data(contentsOf: file) + Data(" ".utf8)).write(to: file)
        #expect(throws: LedgerError.otherDescription(path: path)) {
            try EvolutionPlan.read(from: folder, of: header)
        }
        try FileManager.default.removeItem(at: file)
        #expect(throws: RunError.self) { try EvolutionPlan.read(from: folder, of: header) }
    }

    /// Each difference has its name, the run's value and the one asked for; the run stays as it was.
    @Test func everyOtherSettingIsNamed() async throws {
        let run = try ToyRun()
        _ = try run.textEvolution()
        let ledger = try Data(contentsOf: URL(filePath: run.path + "/ledger.jsonl"))
        var other = ToyRun.textSettings
        (other.iterations, other.variations, other.threshold) = (3, 5, 0.5)
        (other.selection, other.degrees) = (.sample, VariationDegrees(first: 0.5, last: 0.25))
        let error = #expect(throws: RunError.self) {
            _ = try run.textEvolution(other, epsilon: 5, resumes: true)
        }
        let text = try #require(error?.description)
        for part in [
            "iterations (2, not 3)", "variations (2, not 5)", "count threshold (0.0, not 0.5)",
            "selection (rank, not sample)", "epsilon (4.0, not 5.0)", "variation degrees (",
        ] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(!text.contains("lookahead") && !text.contains("delta"), "\(text)")
        #expect(throws: RunError.otherCorpus(path: run.path)) {
            _ = try run.textEvolution(records: 39, resumes: true)
        }
        #expect(try Data(contentsOf: URL(filePath: run.path + "/ledger.jsonl")) == ledger)
        #expect(throws: LedgerError.alreadyExists(path: run.path)) {
            _ = try run.textEvolution()
        }
    }

    @Test func aRunWithoutATargetHasNoNoise() throws {
        let plan = try EvolutionPlan(
            settings: EvolutionSettings(iterations: 2, count: 6, classes: .weights([1])),
            unit: .record,
            budget: .unlimited,
            unitCount: 40,
            sources: .test
        )
        #expect(plan.noiseMultiplier == 0 && plan.releaseEvent == .nonPrivate)
    }

    @Test func variationsKeepTheBeginningAndTasksDoNotInfluenceEachOther() async throws {
        let classes = try TextClasses(nil)
        let tasks = (0..<12).map {
            GenerationTask(
                number: $0,
                classIndex: 0,
                parent: $0 < 6 ? nil : "abcdefghijkl",
                degree: 0.5,
                seed: UInt64($0)
            )
        }
        let together = try await texts(Self.generator(classes), tasks)
        #expect(together.count == 12)
        for task in tasks {
            let alone = try await texts(Self.generator(classes), [task])
            #expect(alone[task.number] == together[task.number])
            if task.number >= 6 { #expect(together[task.number]?.hasPrefix("abcdef") == true) }
        }
    }

    func texts(
        _ generator: LocalTextGenerator,
        _ tasks: [GenerationTask<String>]
    ) async throws -> [Int: String] {
        let run = try ToyRun()
        let journal = try CandidateJournal<String>(
            path: run.parent + "/journal",
            files: SystemFiles()
        )
        try await generator.generate(tasks) { try journal.append($0, $1) }
        return journal.results
    }
}
