package import Checkpoints
package import Corpus
package import LanguageModel

/// A language model's tokenizer and weights, opened together and held to one another.
///
/// Every command that uses a model opens it here: a base, a run, a release, what embeds or classifies.
/// Weights have the names and shapes of their configuration and are finite, the context has room for
/// two tokens, and every id of the tokenizer, those that begin and end a text included, has a row in
/// the weights. So no text can lead outside of them.
package struct TokenizedModel {
    /// From text to ids and back.
    package let tokenizer: BytePairTokenizer
    /// The weights.
    package let parameters: GPT2Parameters

    /// Opens a folder.
    ///
    /// - Parameters:
    ///   - folder: A model folder, run or release.
    ///   - weights: Its weights, if they are found already.
    /// - Throws: `CorpusError`, `CheckpointError`.
    package init(folder: String, weights: ModelWeights? = nil) throws {
        tokenizer = try BytePairTokenizer(folder: folder)
        let weights = try weights ?? ModelFolder(path: folder).openWeights()
        // Before the weights are read: those of a large model take a while.
        try Self.requireFit(tokenizer, weights.configuration, path: folder)
        parameters = try weights.read()
    }

    /// Refuses a tokenizer with an id that the model has no row for.
    ///
    /// - Parameters:
    ///   - tokenizer: What gives the ids.
    ///   - configuration: The model's.
    ///   - path: The folder to name.
    /// - Throws: `CheckpointError.vocabulary`.
    package static func requireFit(
        _ tokenizer: BytePairTokenizer,
        _ configuration: GPT2Configuration,
        path: String
    ) throws {
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw CheckpointError.vocabulary(
                path: path,
                tokens: tokenizer.vocabularySize,
                rows: configuration.vocabularySize
            )
        }
    }
}
