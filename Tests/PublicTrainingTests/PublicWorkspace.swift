import Checkpoints
import Corpus
import Foundation
import LanguageModel
import TestData

/// A folder with a tiny model and labelled text; it goes away with the value.
final class PublicWorkspace {
    let folder: String

    /// Twelve records of three words, each with a label and a user.
    static let rows = (0..<12).map { row in
        "the word \(["red", "green", "blue"][row % 3]) \(row),\(["a", "b"][row % 2]),user\(row / 2)"
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/public-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder + "/model",
            withIntermediateDirectories: true
        )
        let table = (["text,topic,user"] + Self.rows).joined(separator: "\n") + "\n"
        try Data(table.utf8).write(to: URL(filePath: folder + "/data.csv"))
        var trainer = BytePairTrainer(vocabularySize: 260, minimumFrequency: 1)
        trainer.add(Array("the word the word".utf8))
        let tokenizer = trainer.tokenizer()
        var generator = SeededGenerator(seed: 1)
        let parameters = DecoderParameters(
            initializing: DecoderConfiguration(
                vocabularySize: tokenizer.vocabularySize,
                contextLength: 32,
                width: 16,
                layerCount: 1,
                headCount: 2
            ),
            using: &generator
        )
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
}
