package import Kernels

/// What linear classifiers see of a text: states of a middle layer and of the last one, each averaged
/// over the text's tokens.
///
///     f(text) = [ mean of the residual stream after ⌊L/2⌋ blocks ; mean of the final norm's output ]
///
/// Each text stands after the token that texts begin with, without labels. Its vector is a function of its
/// bytes and the model, to the bit, whatever stands beside it and however many threads there are: rows of
/// our own products do not depend on each other. A text without tokens, or whose states are not finite, has
/// zeros.
package struct PooledStates: Sendable {
    /// Texts that go through the model together, so that its weights are packed once for all of them.
    private static let companySize = 32

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
        let size = Self.companySize
        parallel((texts.count + size - 1) / size) { company, worker in
            let places = company * size..<min((company + 1) * size, texts.count)
            let vectors = vectors(of: texts[places], scratch: arenas[worker])
            for (place, vector) in zip(places, vectors) {
                result.values.store(vector, at: place * dimension)
            }
        }
        return result
    }

    private func vectors(of texts: ArraySlice<[Int32]>, scratch: Arena) -> [[Float]] {
        var batch = TokenBatch()
        for tokens in texts {
            // The last token of a sequence is only predicted, never read.
            let read = [beginningOfText] + tokens.prefix(tokenLimit) + [beginningOfText]
            batch.appendUnit([TokenBatch.Sequence(tokens: read)])
        }
        let states = DecoderInference(network, batch, scratch: scratch).meanStates(depth: depth)
        return states.map { vector in
            vector.allSatisfy(\.isFinite) ? vector : [Float](repeating: 0, count: dimension)
        }
    }
}
