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
    private let provenance: Provenance?

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
        let labels = withCard ? try RunLabels.labelSet(in: folder) : nil
        let card = withCard ? ModelCard(model: source, labels: labels, provenance: provenance) : nil
        return try Self.write(
            source.tokenizer,
            source.parameters,
            to: out,
            as: format,
            warnings: provenance?.warnings ?? []
        ) { draft in
            try provenance?.write(to: draft.path)
            if let card {
                let path = draft.appending(path: ModelCard.name).path
                try SystemFiles().writeNewFile(path, Array(card.text.utf8))
            }
        }
    }

    /// Writes a tokenizer, weights, and what `addition` puts beside them before the folder appears.
    static func write(
        _ tokenizer: BytePairTokenizer,
        _ parameters: DecoderParameters,
        to out: String,
        as format: ModelFolder.Format,
        warnings: [String] = [],
        addition: (URL) throws -> Void = { _ in }
    ) throws -> Report {
        try OutputFolder(out).make { draft in
            try tokenizer.save(to: draft.path)
            try ModelFolder.write(
                parameters,
                to: draft.path,
                as: format,
                endOfText: tokenizer.endOfText,
                beginningOfText: tokenizer.beginningOfText,
                productVersion: ProductVersion.current
            )
            try addition(draft)
        }
        return Report(
            parameterCount: parameters.layout.parameterCount,
            out: out,
            warnings: warnings
        )
    }
}
