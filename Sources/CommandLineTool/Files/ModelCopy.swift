import Autograd
import Checkpoints
import Corpus
import Foundation
import LanguageModel
import PrivateTraining

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

    private let source: PublicModel
    private let provenance: ModelProvenance?

    /// Opens a model folder or run.
    ///
    /// - Throws: What `PublicModel` throws, or `ToolError.badConfiguration` when vocabulary and
    ///   weights do not fit.
    init(from folder: String) throws {
        source = try PublicModel(folder: folder)
        provenance = source.provenance?.ofCopy
        let rows = source.parameters.configuration.vocabularySize
        guard source.tokenizer.vocabularySize <= rows else {
            throw ToolError.badConfiguration(
                "\(folder): the vocabulary has \(source.tokenizer.vocabularySize) tokens, the weights "
                    + "have rows for \(rows)"
            )
        }
    }

    /// Writes a new folder, which appears complete or not at all.
    func write(to out: String, as format: ModelFolder.Format) throws -> Report {
        try OutputFolder(out).make { draft in
            try source.tokenizer.save(to: draft.path)
            try ModelFolder.write(
                source.parameters,
                to: draft.path,
                as: format,
                endOfText: source.tokenizer.endOfText,
                productVersion: ProductVersion.current
            )
            try provenance?.write(to: draft.path)
        }
        return Report(
            parameterCount: source.parameters.layout.parameterCount,
            out: out,
            warnings: provenance?.warnings ?? []
        )
    }
}
