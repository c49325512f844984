import Messages

extension Setting {
    /// The option that sets it: the one place that knows how libraries' messages are spelled.
    var option: String {
        switch self {
        case .batchSize: "--batch-size"
        case .count: "--count"
        case .countThreshold: "--count-threshold"
        case .data: "--data"
        case .datasetSize: "--dataset-size"
        case .delta: "--delta"
        case .embedding: "--embedding"
        case .endpoint: "--endpoint"
        case .endpointModel: "--endpoint-model"
        case .epochs: "--epochs"
        case .epsilon: "--epsilon"
        case .exactNoise: "--exact-noise"
        case .insecureSeed: "--insecure-seed"
        case .instruction: "--instruction"
        case .iterations: "--iterations"
        case .json: "--json"
        case .labelColumns: "--label-columns"
        case .labelCountsEpsilon: "--release-label-counts"
        case .labelDistribution: "--label-distribution"
        case .labelEpsilon: "--label-epsilon"
        case .labelValues: "--label-values"
        case .learningRate: "--learning-rate"
        case .lookahead: "--lookahead"
        case .loraRank: "--lora-rank"
        case .maxGradNorm: "--max-grad-norm"
        case .maxNewTokens: "--max-new-tokens"
        case .maxRecordsPerUser: "--max-records-per-user"
        case .microBatchSize: "--micro-batch-size"
        case .model: "--model"
        case .neighbors: "--neighbors"
        case .noiseMultiplier: "--noise-multiplier"
        case .output: "--out"
        case .parents: "--parents"
        case .port: "--port"
        case .prompts: "--prompts"
        case .publicTopK: "--public-top-k"
        case .recordsPerPrompt: "--records-per-prompt"
        case .resume: "--resume"
        case .rule: "--rule"
        case .samplingProbability: "--sampling-probability"
        case .seeds: "--seeds"
        case .selection: "--selection"
        case .sequenceLength: "--sequence-length"
        case .shape: "--config"
        case .steps: "--steps"
        case .synthetic: "--synthetic"
        case .temperature: "--temperature"
        case .threads: "--threads"
        case .variationDegrees: "--variation-degrees"
        case .variations: "--variations"
        }
    }
}

extension Message {
    /// The sentence as the command line says it: with options.
    var withOptions: String { spelled(by: \.option) }
}
