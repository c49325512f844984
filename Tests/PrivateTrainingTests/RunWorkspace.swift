import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import TestData
import Training

@testable import PrivateTraining

/// A folder with a tiny model, a private corpus and room for runs; it goes away with the value.
final class RunWorkspace {
    let folder: String

    /// Twelve records of three words, each with a label and a user.
    static let rows = (0..<12).map { row in
        "the word \(["red", "green", "blue"][row % 3]) \(row),\(["a", "b"][row % 2]),user\(row / 2)"
    }

    /// - `spoil`: Changes the model before it is written.
    init(rows: [String] = rows, spoil: (DecoderParameters) -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.path + "/training-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder + "/model",
            withIntermediateDirectories: true
        )
        try write(rows, to: "data.csv")
        var trainer = BytePairTrainer(vocabularySize: 260, minimumFrequency: 1)
        trainer.add(Array("the word the word".utf8))
        let tokenizer = trainer.tokenizer()
        let configuration = DecoderConfiguration(
            vocabularySize: tokenizer.vocabularySize,
            contextLength: 32,
            width: 16,
            layerCount: 1,
            headCount: 2
        )
        var generator = SeededGenerator(seed: 1)
        let parameters = DecoderParameters(initializing: configuration, using: &generator)
        spoil(parameters)
        try tokenizer.save(to: folder + "/model")
        try ModelFolder.write(
            parameters,
            to: folder + "/model",
            as: .safetensors,
            endOfText: tokenizer.endOfText,
            productVersion: "test"
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ rows: [String], to name: String) throws {
        let text = (["text,topic,user"] + rows).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    /// Six private steps from a seed, on one thread.
    func request(run: String = "runs/one", data: String = "data.csv") -> FineTuningRequest {
        var request = FineTuningRequest(
            dataPaths: [folder + "/" + data],
            columns: ColumnSelection(text: "text", labels: ["topic"]),
            epsilon: 8,
            modelFolder: folder + "/model",
            run: RunRequest(
                folder: folder + "/" + run,
                product: "dpscribe " + ProductVersion.current,
                witness: .checkpoints
            ),
            threads: 1
        )
        request.delta = 1e-3
        request.datasetSize = 12
        request.batchSize = 4
        request.epochs = 2
        request.learningRate = 1e-2
        request.sequenceLength = 24
        request.run.insecureSeed = 5
        request.labelValues = try? LabelSet(columns: ["topic"], values: [["a", "b", "c"]])
        return request
    }

    /// What the steps of a run that has begun depend on, were these examples read.
    func environment(
        of start: FineTuningStart,
        reading examples: PrivateCorpus
    ) throws -> RunEnvironment {
        RunEnvironment(
            fingerprint: start.life.ledger.record.header.corpus,
            examples: examples.digest(),
            description: start.life.description,
            settings: start.inputs.settings,
            configuration: TinyTrainer.configuration,
            tokenizer: try BytePairTokenizer(folder: folder + "/model"),
            rule: MicroBatchRule(TinyTrainer.configuration, threads: 1),
            threads: 1,
            machine: ComputingMachine(isPrivate: !start.life.description.notPrivate)
        )
    }

    /// Runs to the end, or until that many steps were done by this process.
    @discardableResult
    func run(
        _ request: FineTuningRequest,
        steps: Int = .max,
        report: (TrainingProgress) -> Void = { _ in }
    ) throws -> FineTuningOutcome {
        var request = request
        request.run.resumes = true
        let counter = StepCounter(limit: steps)
        return try FineTuning(request).run(shouldStop: { counter.isOver }) {
            counter.count()
            report($0)
        }
    }

    /// The parameters and moments of the run's newest checkpoint, as bits.
    func weights(_ run: String = "runs/one") throws -> [UInt32] {
        let reader = try CheckpointReader.openNewest(in: folder + "/" + run).reader
        let state = try TrainingState(reader, trainable: .all, settings: AdamWSettings())
        return state.buffers.flatMap { $0.values(0..<$0.count) }.map(\.bitPattern)
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + path)), as: UTF8.self)
    }

    /// Ledger lines of that kind.
    func entries(_ kind: String, run: String = "runs/one") throws -> Int {
        try text(run + "/ledger.jsonl").split(separator: "\n").filter {
            $0.contains("\"kind\":\"\(kind)\"")
        }.count
    }

    /// Names and sizes of the files of a run.
    func sizes(_ run: String) throws -> [String: Int] {
        let path = folder + "/" + run
        var sizes: [String: Int] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
            sizes[name] = attributes[.size] as? Int
        }
        return sizes
    }
}

/// Counts steps, and says when there were enough.
private final class StepCounter: @unchecked Sendable {
    // Sendable: one thread runs the trainer, and with it this counter.
    private var steps = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var isOver: Bool { steps >= limit }

    func count() { steps += 1 }
}

extension RunWorkspace {
    /// Removes the checkpoints of a run that come after `step`.
    func removeCheckpoints(from folder: String, after step: Int) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard name.hasPrefix("step-"), let number = Int(name.dropFirst(5).prefix(6)) else {
                continue
            }
            if number > step { try FileManager.default.removeItem(atPath: folder + "/" + name) }
        }
    }
}
