public import LanguageModel

/// The task of `pretrain`; all of it is public, the text included.
public struct PretrainingRequest: Sendable {
    /// When a run ends.
    public enum Duration: Sendable, Equatable, Codable {
        /// After that many minutes of training, all stretches of a resumed run together.
        case minutes(Double)
        /// After that many passes over the text.
        case epochs(Double)
    }

    /// Public text: .txt, .jsonl or .csv with a `text` column.
    public var dataPaths: [String]
    /// Public records with labels, to learn beside the documents that text follows its labels.
    public var labelled: LabelledText?
    /// The column of the text.
    public var textColumn = "text"
    /// The new model's shape; nil continues `modelFolder` as it is.
    public var configuration: DecoderConfiguration?
    /// Where vocabulary and merges are.
    public var tokenizerFolder: String
    /// A model to start from instead of random weights.
    public var modelFolder: String?
    /// When to stop.
    public var duration: Duration
    /// The model folder to write.
    public var outputFolder: String
    /// Whether to continue what is in `outputFolder`.
    public var resumes = false
    /// Minutes between checkpoints.
    public var checkpointMinutes = 10.0
    /// Peak learning rate.
    public var learningRate = 2e-3
    /// Tokens an optimizer step predicts, roughly.
    public var tokensPerStep = 8192
    /// Longest training window in tokens; nil takes the model's context.
    public var windowLength: Int?
    /// Threads to use.
    public var threads: Int

    /// Creates a request.
    public init(
        dataPaths: [String],
        configuration: DecoderConfiguration?,
        tokenizerFolder: String,
        modelFolder: String? = nil,
        duration: Duration,
        outputFolder: String,
        threads: Int
    ) {
        self.dataPaths = dataPaths
        self.configuration = configuration
        self.tokenizerFolder = tokenizerFolder
        self.modelFolder = modelFolder
        self.duration = duration
        self.outputFolder = outputFolder
        self.threads = threads
    }
}

/// Public records in the layout of private ones: labels, two newlines, text, end-of-text.
public struct LabelledText: Sendable {
    /// Files that have the text column and the label columns.
    public var paths: [String]
    /// Columns whose values stand before the text, at least one.
    public var columns: [String]

    /// Names files and columns.
    public init(paths: [String], columns: [String]) {
        self.paths = paths
        self.columns = columns
    }
}
