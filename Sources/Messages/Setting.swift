/// A setting that a message may name, such as the one that has to change.
///
/// Libraries know what is set, not how a user sets it: the command line spells each as its option, a
/// program that uses the libraries has its own spelling. The raw value is a plain name.
public enum Setting: String, CaseIterable, Sendable {
    // MARK: Data and labels
    case data
    case datasetSize = "dataset size"
    case labelColumns = "label columns"
    case labelValues = "label values"
    case maxRecordsPerUser = "records per user"

    // MARK: Privacy
    case epsilon
    case delta
    case exactNoise = "exact noise"
    case insecureSeed = "insecure seed"
    case labelCountsEpsilon = "epsilon of label counts"
    case labelEpsilon = "epsilon of the label probe"
    case maxGradNorm = "clipping norm"
    case noiseMultiplier = "noise multiplier"
    case samplingProbability = "sampling probability"
    case steps = "the number of steps"

    // MARK: Models and training
    case batchSize = "expected batch size"
    case embedding
    case epochs = "the number of epochs"
    case learningRate = "learning rate"
    case loraRank = "adapter rank"
    case microBatchSize = "micro-batch size"
    case model
    case sequenceLength = "sequence length"
    case shape
    case threads

    // MARK: Evolution and drawing
    case count = "number of texts"
    case countThreshold = "count threshold"
    case endpoint
    case endpointModel = "model of the endpoint"
    case instruction
    case iterations
    case lookahead
    case maxNewTokens = "number of new tokens"
    case labelDistribution = "label distribution"
    case neighbors
    case parents
    case prompts
    case publicTopK = "number of candidate tokens"
    case recordsPerPrompt = "records per prompt"
    case rule
    case selection
    case temperature
    case variationDegrees = "variation degrees"
    case variations

    // MARK: Comparison
    case seeds
    case synthetic = "synthetic text"

    // MARK: Files and processes
    case json = "JSON output"
    case output = "output folder"
    case port
    case resume
}
