package import Checkpoints
package import Corpus
import DifferentialPrivacy
package import LanguageModel
package import Messages

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
    package let parameters: DecoderParameters

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

    /// Opens a GGUF file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `CorpusError`, `CheckpointError`.
    package init(gguf path: String) throws {
        let model = try GGUFModel(path: path)
        let spelled = try model.tokenizer()
        tokenizer = try BytePairTokenizer(
            spellings: spelled.tokens,
            merges: spelled.merges,
            controls: spelled.controls,
            pattern: spelled.pattern,
            beginning: spelled.beginning,
            ending: spelled.ending,
            beginsEveryText: spelled.beginsEveryText,
            path: path
        )
        try Self.requireFit(tokenizer, model.configuration, path: path)
        parameters = try model.load()
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
        _ configuration: DecoderConfiguration,
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

extension SamplingOptions {
    /// Options for a tokenizer's tokens: its endings end a text, and no id without a token is drawn.
    package init(maximumNewTokens: Int, tokenizer: BytePairTokenizer) {
        self.init(
            maximumNewTokens: maximumNewTokens,
            endOfText: tokenizer.endOfText,
            otherEndings: tokenizer.otherEndings,
            vocabularySize: tokenizer.vocabularySize
        )
    }
}

/// Keeps what was learned from private records out of models that are taken to be public.
///
/// A run counts what it spends itself. Begun with the model of another run, it would give away what
/// that one learned, too, under a statement that says its base is public.
package enum PublicBase {
    /// The file by which a copy of a run's model says what it was trained on.
    package static let markName = "provenance.json"

    /// Refuses a run, a release, and a copy of either that says so.
    ///
    /// - Parameters:
    ///   - folder: The model's folder; nothing is said about one that is not there.
    ///   - setting: What named it.
    /// - Throws: `TrainingError.privateBase`; `LedgerError.fileFailed` if it cannot be looked into.
    package static func require(_ folder: String, as setting: Setting) throws {
        guard let origin = try origin(of: folder) else { return }
        throw TrainingError.privateBase(path: folder, setting: setting, origin: origin)
    }

    private static func origin(of folder: String) throws -> String? {
        if try RunFolder(path: folder).isRun() { return "a run" }
        let files = SystemFiles()
        if try files.contents(of: folder + "/" + PrivacyManifest.fileName) != nil {
            return "a release"
        }
        let mark = folder + "/" + markName
        return try files.contents(of: mark) == nil
            ? nil : "a copy of a run's model, by its \(markName)"
    }
}
