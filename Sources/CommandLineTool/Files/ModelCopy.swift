import Autograd
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import LanguageModel
import PrivateTraining
import Training

/// A model that is copied into a folder of its own: configuration, tokenizer, weights, and where they
/// come from if a private corpus had a part in them.
struct ModelCopy {
    /// What was written.
    struct Report {
        let parameterCount: Int
        let out: String
        /// What a reader must not overlook, such as NOT PRIVATE.
        let warnings: [String]

        var json: JSONValue {
            [
                "parameters": .integer(parameterCount), "out": .string(out),
                "warnings": .array(warnings.map { .string($0) }),
            ]
        }

        var lines: [String] { warnings + ["\(parameterCount) parameters in \(out)"] }
    }

    private let folder: String
    private let source: OpenedModel
    private let provenance: ModelProvenance?

    /// Opens a model folder or run.
    ///
    /// - Throws: What `OpenedModel` throws.
    init(from folder: String) throws {
        self.folder = folder
        source = try OpenedModel(folder: folder)
        provenance = source.provenance?.ofCopy
    }

    /// Writes a new folder, which appears complete or not at all; with a model card if asked for.
    func write(
        to out: String,
        as format: ModelFolder.Format,
        withCard: Bool = false
    ) throws -> Report {
        let card = ModelCard(
            model: source,
            labels: try RunLabels.labelSet(in: folder),
            provenance: provenance
        )
        try OutputFolder(out).make { draft in
            try source.tokenizer.save(to: draft.path)
            try ModelFolder.write(
                source.parameters,
                to: draft.path,
                as: format,
                endOfText: source.tokenizer.endOfText,
                beginningOfText: source.tokenizer.beginningOfText,
                productVersion: ProductVersion.current
            )
            try provenance?.write(to: draft.path)
            if withCard {
                let path = draft.appending(path: ModelCard.name).path
                try SystemFiles().writeNewFile(path, Array(card.text.utf8))
            }
        }
        return Report(
            parameterCount: source.parameters.layout.parameterCount,
            out: out,
            warnings: provenance?.warnings ?? []
        )
    }
}
