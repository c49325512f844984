import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
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
        let classes = try TextClasses(
            LabelSet(columns: ["mood"], values: [["glad", "sad"]])
        )
        let settings = EvolutionSettings(
            iterations: 2,
            count: 6,
            classes: .noisyHistogram(count: 2),
            variations: 2
        )
        let budget = PrivacyBudget.limited(epsilon: 4, delta: 1e-3)
        let plan = try EvolutionPlan(
            settings: settings,
            unit: .record,
            budget: budget,
            unitCount: 40
        )
        let secret = RunSecret.fromSystem()
        let key = try LedgerDirectory(path: run.parent).makeFingerprintKey()
        let header = LedgerHeader(
            product: "test",
            method: .evolve,
            runIdentifier: secret.makeRunIdentifier(),
            corpus: try CorpusFingerprint(
                paths: [run.parent + "/corpus.txt"],
                columns: ["text", "mood"],
                key: key
            ),
            isInsecure: false,
            promise: plan.promise,
            description: try EvolutionFolder.encode(plan)
        )
        let records = (0..<40).map { "record number \($0)" }
        let corpus = PrivateCorpus(
            embeddings: try Self.embedder.embed(records, parallel: Self.parallel),
            classOfRecord: (0..<40).map { $0 % 2 },
            classCount: 2
        )
        do {
            let begun = try EvolutionRun.begin(
                path: run.path,
                plan: plan,
                classes: classes,
                secret: secret,
                header: header
            )
            let evolution = try PrivateEvolution(
                settings: settings,
                noiseMultiplier: begun.plan.noiseMultiplier,
                generator: Self.generator(classes),
                embedder: TextCandidateEmbedder(Self.embedder),
                folder: begun.folder,
                corpus: ContentDigest(domain: "corpus", fields: []),
                machine: .imagined,
                parallel: Self.parallel
            )
            let kept = try await evolution.run(
                on: corpus,
                ledger: begun.ledger,
                publish: { try begun.publish($0, $1) }
            )
            #expect(kept.count == 6)
            let guarantee = try PrivacyAccounting.guarantee(
                of: begun.ledger.record.spending.event,
                delta: 1e-3
            )
            #expect(guarantee.epsilon <= 4 && guarantee.epsilon > 3.999)
            #expect(try begun.finish(kept).guarantee == guarantee)
        }
        for name in ["synthetic.csv", "iteration-001/synthetic.csv", "iteration-002/synthetic.csv"]
        {
            let text = try String(contentsOfFile: run.path + "/" + name, encoding: .utf8)
            #expect(text.hasPrefix("text,mood\r\n"))
        }
        let folder = EvolutionFolder(path: run.path)
        let manifest = try #require(
            try folder.files.contents(of: run.path + "/" + PrivacyManifest.fileName)
        )
        let stated = try PrivacyManifest(fileContents: manifest, path: PrivacyManifest.fileName)
        // Two votes, and the histogram of the classes.
        #expect(stated.isPrivate && stated.epsilon <= 4 && stated.mechanism.stepsSpent == 3)
        #expect(!FileManager.default.fileExists(atPath: run.path + "/secret"))
        // Asked again with the same settings it is there and finished; with others it refuses.
        let again = try #require(
            try EvolutionRun.resume(
                path: run.path,
                settings: settings,
                budget: budget,
                classes: classes
            )
        )
        #expect(again.ledger.record.isFinished && again.plan == plan)
        try expectOtherPlanIsRefused(in: run.path, header)
    }

    /// The file that says what was planned is the one that the ledger knows, to the byte.
    private func expectOtherPlanIsRefused(in folder: String, _ header: LedgerHeader) throws {
        let path = folder + "/" + EvolutionRun.planName
        let file = URL(filePath: path)
        try (Data(contentsOf: file) + Data(" ".utf8)).write(to: file)
        #expect(throws: LedgerError.otherDescription(path: path)) {
            try EvolutionPlan.read(from: folder, of: header)
        }
        try FileManager.default.removeItem(at: file)
        #expect(throws: PrivateEvolutionError.self) {
            try EvolutionPlan.read(from: folder, of: header)
        }
    }

    @Test func otherSettingsAreNoContinuation() throws {
        let run = try ToyRun()
        let settings = EvolutionSettings(iterations: 2, count: 6, classes: .weights([1]))
        let plan = try EvolutionPlan(
            settings: settings,
            unit: .record,
            budget: .unlimited,
            unitCount: 40
        )
        #expect(plan.noiseMultiplier == 0 && plan.releaseEvent == .nonPrivate)
        let missing = try EvolutionRun.resume(
            path: run.path,
            settings: settings,
            budget: .unlimited,
            classes: TextClasses(nil)
        )
        #expect(missing.map { _ in 1 } == nil)
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
