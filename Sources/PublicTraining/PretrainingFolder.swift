import Checkpoints
import Corpus
import Foundation
import LanguageModel
import Messages
import Training

/// The folder that `pretrain` writes: a model folder with checkpoints beside it.
struct PretrainingFolder {
    private let request: PretrainingRequest
    /// True if there is a run to continue.
    private let continues: Bool

    /// Makes the folder, or finds the run to continue in it.
    init(_ request: PretrainingRequest) throws {
        self.request = request
        let path = request.outputFolder
        try PublicBase.require(path, as: .output)
        if let model = request.modelFolder { try PublicBase.require(model, as: .model) }
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
        guard names.isEmpty || request.resumes else {
            throw TrainingError.outputExists(path: path)
        }
        do { try files.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw TrainingError.cannotCreate(path: path, reason: error.localizedDescription)
        }
        let isEmpty = try CheckpointReader.checkpoints(in: path).isEmpty
        continues = request.resumes && !isEmpty
    }

    /// The model to train, the checkpoint it comes from if there is one, and how far it had come.
    func start(
        tokenizer: BytePairTokenizer
    ) throws -> (DecoderParameters, CheckpointReader?, PretrainingProgress) {
        if continues {
            let reader = try CheckpointReader.openNewest(in: request.outputFolder).reader
            let parameters = DecoderParameters(zeros: reader.header.configuration)
            try TokenizedModel.requireFit(
                tokenizer,
                parameters.configuration,
                path: request.tokenizerFolder
            )
            return (parameters, reader, try PretrainingProgress.decode(reader.header.state))
        }
        let parameters = try newParameters(vocabularySize: tokenizer.vocabularySize)
        try TokenizedModel.requireFit(
            tokenizer,
            parameters.configuration,
            path: request.tokenizerFolder
        )
        return (parameters, nil, PretrainingProgress())
    }

    /// Fresh weights take their vocabulary from the tokenizer, whatever the named shape has.
    private func newParameters(vocabularySize: Int) throws -> DecoderParameters {
        if let folder = request.modelFolder {
            return try ModelFolder(path: folder).loadParameters()
        }
        guard var configuration = request.configuration else {
            throw TrainingError.badConfiguration(
                problem: "there is no model to start from. Pass \(.shape) or \(.model)."
            )
        }
        configuration.vocabularySize = vocabularySize
        var generator = SystemRandomNumberGenerator()
        return DecoderParameters(initializing: configuration, using: &generator)
    }
}

/// How far public training has come: what a checkpoint holds beside the model.
struct PretrainingProgress: Codable, Sendable, Equatable {
    /// Seconds of training.
    var seconds = 0.0
    /// Tokens predicted.
    var tokens = 0
    /// Passes over the text that are complete.
    var epoch = 0
    /// Windows drawn in the present pass.
    var position = 0

    /// As JSON text.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `json` wrote.
    static func decode(_ json: String) throws -> PretrainingProgress {
        try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }
}
