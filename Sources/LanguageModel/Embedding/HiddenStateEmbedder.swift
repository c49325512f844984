public import Kernels

/// Vectors from a language model: the final hidden states averaged over a text's tokens, scaled to
/// L2 norm 1.
///
/// Each text goes through the model alone, so that its vector cannot depend on others. Time: one
/// forward pass of at most `tokenLimit` tokens a text.
public struct HiddenStateEmbedder: TextEmbedder {
    /// "mean-pooled states of …".
    public let name: String
    /// Names weights, tokenizer and settings.
    public let fingerprint: [UInt8]
    private let network: DecoderNetwork
    private let tokenize: @Sendable ([UInt8]) -> [Int32]
    private let beginningOfText: Int32
    private let tokenLimit: Int

    /// Uses a model whose parameters do not change any more.
    ///
    /// - Parameters:
    ///   - parameters: A public model.
    ///   - modelName: What a report calls it.
    ///   - digest: Of the weights and the tokenizer.
    ///   - tokenLimit: Tokens after these many are not read; at most the model's context.
    ///   - beginningOfText: Stands before every text, as it does in training.
    ///   - tokenize: From the bytes of a text to ids.
    public init(
        _ parameters: DecoderParameters,
        modelName: String,
        digest: [UInt8],
        tokenLimit: Int = 128,
        beginningOfText: Int32,
        tokenize: @escaping @Sendable ([UInt8]) -> [Int32]
    ) {
        name = "mean-pooled states of \(modelName)"
        fingerprint = Array("hidden-states/1 \(tokenLimit) ".utf8) + digest
        network = DecoderNetwork(parameters, trainable: .all)
        self.tokenLimit = min(tokenLimit, parameters.configuration.contextLength - 1)
        self.beginningOfText = beginningOfText
        self.tokenize = tokenize
    }

    /// The width of the model.
    public var dimension: Int { network.configuration.width }

    /// One vector of L2 norm 1 a text.
    public func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings {
        let result = Embeddings(count: texts.count, dimension: dimension)
        let arenas = (0..<parallel.threadCount).map { _ in Arena() }
        parallel(texts.count) { index, worker in
            let vector = vector(of: texts[index], scratch: arenas[worker])
            result.values.store(vector, at: index * dimension)
        }
        return result
    }

    private func vector(of text: String, scratch: Arena) -> [Float] {
        let tokens = tokenize(Array(text.utf8)).prefix(tokenLimit)
        var batch = TokenBatch()
        // The last token of a sequence is only predicted, never read.
        let sequence = [beginningOfText] + tokens + [beginningOfText]
        batch.appendUnit([TokenBatch.Sequence(tokens: sequence)])
        let mean = DecoderInference(network, batch, scratch: scratch).meanHiddenStates()[0]
        let norm = mean.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard norm > 0, norm.isFinite else { return [Float](repeating: 0, count: dimension) }
        return mean.map { Float(Double($0) / norm) }
    }
}
