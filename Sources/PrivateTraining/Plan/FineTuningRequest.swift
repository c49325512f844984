package import Corpus
package import DifferentialPrivacy
package import LabelProbe

/// What `finetune` is asked to do.
///
/// Values left nil come from the recipe for N and ε, or from the run that is resumed.
package struct FineTuningRequest: Sendable {
    /// Where the run is, whether it goes on, and what watches over its spending.
    package var run: RunRequest
    /// The private corpus.
    package var dataPaths: [String]
    /// Its columns.
    package var columns: ColumnSelection
    /// The public label values; nil takes those found in the data, which are then public.
    package var labelValues: LabelSet?
    /// The most records of a user that are used, where there is a user column; nil means
    /// `PrivacyUnit.defaultMaxRecords`.
    package var maxRecordsPerUser: Int?
    /// N as a public constant; nil takes the units read, and then their number is public.
    package var datasetSize: Int?
    /// The target ε; infinite for a run that is NOT PRIVATE.
    package var epsilon: Double
    /// δ; needed unless ε is infinite.
    package var delta: Double?
    /// σ as given; nil solves it for ε.
    package var noiseMultiplier: Double?
    /// C; nil takes the recipe's, or no clipping when ε is infinite.
    package var maxGradNorm: Double?
    /// Passes over the corpus.
    package var epochs: Double?
    /// B, the expected batch size.
    package var batchSize: Int?
    /// Peak learning rate.
    package var learningRate: Double?
    /// Longest training sequence in tokens; nil means 64.
    package var sequenceLength: Int?
    /// Units processed at a time.
    package var microBatchSize: Int?
    /// The rank of the adapters to train; nil trains all parameters.
    package var loraRank: Int?
    /// Part of ε spent on releasing noisy label counts.
    package var labelCountsEpsilon: Double?
    /// Part of ε spent on a label probe; nil trains none, and infinite is the only one without a budget.
    package var labelEpsilon: Double?
    /// T of the label probe.
    package var labelSteps = LabelProbeSettings.steps
    /// Everything else about the label probe.
    package var labelSettings = LabelProbeSettings()
    /// The model to start from; for a run that goes on, the one it must have started from, or the
    /// run folder itself to say nothing about it.
    package var modelFolder: String
    /// Its name, if it is one that comes with the product.
    package var modelName: String?
    /// Minutes between checkpoints.
    package var checkpointMinutes = 10.0
    /// Whether private diagnostics are written.
    package var writesDiagnostics = false
    /// Whether the noise is an exactly sampled discrete Gaussian.
    package var usesExactNoise = false
    /// Threads to use.
    package var threads: Int

    /// Creates a request.
    package init(
        dataPaths: [String],
        columns: ColumnSelection,
        epsilon: Double,
        modelFolder: String,
        run: RunRequest,
        threads: Int
    ) {
        self.dataPaths = dataPaths
        self.columns = columns
        self.epsilon = epsilon
        self.modelFolder = modelFolder
        self.run = run
        self.threads = threads
    }
}
