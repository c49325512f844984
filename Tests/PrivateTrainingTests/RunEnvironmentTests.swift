import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Testing
import Training

@testable import PrivateTraining

/// Everything that a step's sum depends on must show in its key.
@Suite("The environment of a key")
struct RunEnvironmentTests {
    private let workspace: RunWorkspace
    private let environment: RunEnvironment

    init() throws {
        workspace = try RunWorkspace()
        let start = try FineTuningStart(workspace.request())
        environment = try workspace.environment(of: start, reading: start.inputs.corpus)
    }

    private func fingerprint(_ name: String, columns: [String]) throws -> CorpusFingerprint {
        try CorpusFingerprint(
            paths: [workspace.folder + "/" + name],
            columns: columns,
            key: LedgerDirectory(path: workspace.folder + "/runs").makeFingerprintKey()
        )
    }

    private func otherTokenizer() -> BytePairTokenizer {
        var trainer = BytePairTrainer(vocabularySize: 258, minimumFrequency: 1)
        trainer.add(Array("other other".utf8))
        return trainer.tokenizer()
    }

    private func plans() throws -> [(String, PrivacyPlan)] {
        [
            ("N", try TinyTrainer.plan(unitCount: 9)), ("B", try TinyTrainer.plan(batch: 5)),
            ("T", try TinyTrainer.plan(steps: 4)), ("sigma", try TinyTrainer.plan(noise: 1.5)),
            ("C", try TinyTrainer.plan(maxGradNorm: 0.25)),
            (
                "delta",
                try TinyTrainer.plan(budget: .limited(epsilon: 1e6, delta: 1e-4))
            ),
        ]
    }

    /// One change each, and what must notice it.
    private func changes() throws -> [(String, (inout RunEnvironment) throws -> Void)] {
        let (corpus, columns) = (
            try fingerprint("data.csv", columns: ["text"]),
            try fingerprint("data.csv", columns: ["text", "topic"])
        )
        #expect(corpus.files == columns.files)
        var changes: [(String, (inout RunEnvironment) throws -> Void)] = [
            ("files", { $0.fingerprint = try self.fingerprint("model/vocab.json", columns: []) }),
            ("columns", { $0.fingerprint = corpus }),
            ("more columns", { $0.fingerprint = columns }),
            ("examples", { $0.examples = ContentDigest(domain: "other", fields: []) }),
            (
                "label values",
                { $0.description.labels = try LabelSet(columns: ["topic"], values: [["a"]]) }
            ),
            ("sequence length", { $0.settings.sequenceLength += 1 }),
            ("micro-batch", { $0.settings.microBatchSize = 3 }),
            ("LoRA rank", { $0.settings.loraRank = 2 }),
            ("model", { $0.configuration.headCount = 4 }),
            ("tokenizer", { $0.tokenizer = self.otherTokenizer() }),
            ("rule", { $0.rule = MicroBatchRule(TinyTrainer.configuration, threads: 8) }),
            ("threads", { $0.threads = 2 }),
            ("BLAS core", { $0.machine.coreName += "2" }),
            ("BLAS build", { $0.machine.buildDescription += "2" }),
            ("instruction set", { $0.machine.instructionSet += "2" }),
            ("executable", { $0.machine.executable += "2" }),
            ("version", { $0.productVersion += "2" }),
        ]
        changes += try plans().map { name, plan in (name, { $0.description.plan = plan }) }
        return changes
    }

    @Test func anyChangeGivesAnotherKey() throws {
        var seen = [try environment.digest(): "nothing"]
        for (name, change) in try changes() {
            var changed = environment
            try change(&changed)
            let twin = seen.updateValue(name, forKey: try changed.digest())
            #expect(twin == nil, "\(name) is not told from \(twin ?? "")")
        }
        #expect(seen.count == 24)
    }

    /// The machine is one of the inputs: its own facts, not empty words.
    @Test func theMachineIsNamed() {
        let machine = ComputingMachine(isPrivate: true)
        #expect(machine.buildDescription.contains("OpenBLAS"))
        #expect(!machine.coreName.isEmpty && !machine.instructionSet.isEmpty)
        #expect(machine.executable.count == 64)
        #expect(ComputingMachine(isPrivate: false).executable.isEmpty)
    }
}
