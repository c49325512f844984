import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import PrivateEvolution
import TestData

@testable import PrivatePrediction

/// A folder with a corpus, and predictions over it with a tiny model of random weights.
final class PredictionWorkspace: Sendable {
    static let parallel = ParallelFor(threadCount: 2)
    static let canary = "canary-7f3a"
    static let tokenizer = BytePairTrainer(vocabularySize: BytePairTrainer.smallestVocabulary)
        .tokenizer()
    static let model: PredictionModel = {
        var generator = SeededGenerator(seed: 11)
        let parameters = DecoderParameters(
            initializing: DecoderConfiguration(
                vocabularySize: tokenizer.vocabularySize,
                contextLength: 96,
                width: 16,
                layerCount: 2,
                headCount: 2
            ),
            using: &generator
        )
        // Random weights as they are make all tokens alike.
        for index in 0..<parameters.values.count {
            parameters.values[index] *= 6
        }
        return PredictionModel(parameters, tokenizer: tokenizer, digest: [1, 2, 3])
    }()

    let parent: String
    let records: [String]
    /// The run folder.
    var path: String { parent + "/run" }

    /// 48 records of two labels in turn, less the last `missing` ones of the first label.
    init(missing: Int = 0) throws {
        parent = FileManager.default.temporaryDirectory.path + "/dpscribe-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        let all = (0..<48).map {
            "\($0 % 7) \(Self.canary) is \(["red", "blue", "old"][$0 % 3]),\(["a", "b"][$0 % 2])"
        }
        let last = all.indices.filter { $0 % 2 == 0 }.suffix(missing)
        records = all.indices.filter { !last.contains($0) }.map { all[$0] }
        let text = "text,topic\n" + records.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: parent + "/data.csv"))
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    static func settings(_ rule: PredictionRule) -> PredictionSettings {
        PredictionSettings(
            rule: rule,
            count: 6,
            recordsPerPrompt: rule.samplesEachToken ? 2 : 1,
            prompts: rule.samplesEachToken ? 4 : 5,
            publicTopK: 20,
            maximumNewTokens: 6,
            classCount: 2
        )
    }

    func prediction(
        _ settings: PredictionSettings,
        epsilon: Double = 4,
        resumes: Bool = false
    ) throws -> TextPrediction {
        let corpus = try TextCorpus.read(
            paths: [parent + "/data.csv"],
            columns: ColumnSelection(labels: ["topic"]),
            labelValues: try LabelSet(columns: ["topic"], values: [["a", "b"]]),
            maxRecordsPerUser: 1,
            key: try LedgerDirectory(path: parent).makeFingerprintKey()
        )
        var request = TextPredictionRequest(
            RunRequest(folder: path, product: "test", witness: .predictions),
            budget: .limited(epsilon: epsilon, delta: 1e-3),
            settings: settings,
            datasetSize: 48
        )
        request.run.resumes = resumes
        request.run.insecureSeed = 3
        return try TextPrediction(request, corpus: corpus, model: Self.model)
    }

    @discardableResult
    func run(
        _ settings: PredictionSettings,
        epsilon: Double = 4,
        resumes: Bool = false,
        observe: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> TextPredictionOutcome {
        try prediction(settings, epsilon: epsilon, resumes: resumes)
            .run(parallel: Self.parallel, observe: observe)
    }

    func contents(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// The same files under the same key, so that runs of two folders can be compared.
    func adoptKey(of other: PredictionWorkspace) throws {
        _ = try LedgerDirectory(path: other.parent).makeFingerprintKey()
        try FileManager.default.copyItem(
            atPath: other.parent + "/.key",
            toPath: parent + "/.key"
        )
    }
}
