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

    private let parameters: GPT2Parameters
    private let tokenizer: BytePairTokenizer
    private let provenance: ModelProvenance?

    /// Opens a model folder or run.
    ///
    /// - Throws: `CheckpointError`, `CorpusError`, or `ToolError.badConfiguration` when vocabulary
    ///   and weights do not fit.
    init(from folder: String) throws {
        let weights = try ModelFolder(path: folder).openWeights()
        parameters = try weights.read()
        tokenizer = try BytePairTokenizer(folder: folder)
        provenance = try ModelProvenance(
            of: folder,
            weights: weights,
            checkedBy: .allRuns
        )?.ofCopy
        let rows = parameters.configuration.vocabularySize
        guard tokenizer.vocabularySize <= rows else {
            throw ToolError.badConfiguration(
                "\(folder): the vocabulary has \(tokenizer.vocabularySize) tokens, the weights "
                    + "have rows for \(rows)"
            )
        }
    }

    /// Writes a new folder, which appears complete or not at all.
    func write(to out: String, as format: ModelFolder.Format) throws -> Report {
        try OutputFolder(out).make { draft in
            try tokenizer.save(to: draft.path)
            try ModelFolder.write(
                parameters,
                to: draft.path,
                as: format,
                endOfText: tokenizer.endOfText,
                productVersion: ProductVersion.current
            )
            try provenance?.write(to: draft.path)
        }
        return Report(
            parameterCount: parameters.layout.parameterCount,
            out: out,
            warnings: provenance?.warnings ?? []
        )
    }
}
