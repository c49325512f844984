package import Kernels

/// What linear classifiers see of a text: states of a middle layer and of the last one, each averaged
/// over the text's tokens.
///
///     f(text) = [ mean of the residual stream after ⌊L/2⌋ blocks ; mean of the final norm's output ]
///
/// Each text goes through the model alone, after the token that texts begin with and without labels, so that its vector
/// is a function of its bytes and the model, to the bit, whatever stands beside it and however many
/// threads there are. A text without tokens, or whose states are not finite, has zeros.
package struct PooledStates: Sendable {
    /// Tokens after these many are not read.
    package let tokenLimit: Int
    private let network: DecoderNetwork
    private let depth: Int
    private let beginningOfText: Int32

    /// Uses a model whose parameters do not change any more.
    ///
    /// - Parameters:
    ///   - parameters: The model.
    ///   - tokenLimit: The most tokens of a text, at least 1; fewer where the context is shorter.
    ///   - beginningOfText: Stands before every text.
    package init(_ parameters: DecoderParameters, tokenLimit: Int, beginningOfText: Int32) {
        precondition(tokenLimit >= 1, "tokenLimit is \(tokenLimit); it must be at least 1")
        network = DecoderNetwork(parameters, trainable: .named([]))
        depth = max(parameters.configuration.layerCount / 2, 1)
        self.tokenLimit = min(tokenLimit, parameters.configuration.contextLength - 1)
        self.beginningOfText = beginningOfText
    }

    /// The length of a vector: twice the model's width.
    package var dimension: Int { 2 * network.configuration.width }

    /// One vector a text, [texts, 2 · width], of its tokens without labels and end-of-text.
    package func callAsFunction(_ texts: [[Int32]], parallel: ParallelFor) -> Embeddings {
        let result = Embeddings(count: texts.count, dimension: dimension)
        let arenas = (0..<parallel.threadCount).map { _ in Arena() }
        parallel(texts.count) { text, worker in
            let vector = vector(of: texts[text], scratch: arenas[worker])
            result.values.store(vector, at: text * dimension)
        }
        return result
    }

    private func vector(of tokens: [Int32], scratch: Arena) -> [Float] {
        var batch = TokenBatch()
        // The last token of a sequence is only predicted, never read.
        let read = [beginningOfText] + tokens.prefix(tokenLimit) + [beginningOfText]
        batch.appendUnit([TokenBatch.Sequence(tokens: read)])
        let vector = DecoderInference(network, batch, scratch: scratch).meanStates(depth: depth)[0]
        return vector.allSatisfy(\.isFinite) ? vector : [Float](repeating: 0, count: dimension)
    }
}
