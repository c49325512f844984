package import Kernels

/// Vectors from a BERT-style sentence encoder: mean pooling over all word pieces, L2 norm 1.
///
/// Reimers and Gurevych 2019, arXiv:1908.10084. Each text goes through the encoder alone, without
/// padding, so that its vector cannot depend on others.
package struct SentenceEncoder: TextEmbedder {
    /// What a report calls it.
    package let name: String
    /// Names weights, vocabulary and settings.
    package let fingerprint: [UInt8]
    private let network: SentenceEncoderNetwork
    private let tokenizer: WordPieceTokenizer
    private let tokenLimit: Int

    /// Uses an encoder.
    ///
    /// - Parameters:
    ///   - parameters: Its weights.
    ///   - tokenizer: Its vocabulary.
    ///   - name: What a report calls it.
    ///   - digest: Of weights and vocabulary.
    ///   - tokenLimit: Word pieces after these many are not read, [CLS] and [SEP] included.
    package init(
        _ parameters: SentenceEncoderParameters,
        tokenizer: WordPieceTokenizer,
        name: String,
        digest: [UInt8],
        tokenLimit: Int = 256
    ) {
        self.name = name
        self.tokenizer = tokenizer
        self.tokenLimit = max(min(tokenLimit, parameters.configuration.contextLength), 2)
        fingerprint = Array("sentence-encoder/1 \(self.tokenLimit) ".utf8) + digest
        network = SentenceEncoderNetwork(parameters)
    }

    package var dimension: Int { network.configuration.width }

    package func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings {
        let result = Embeddings(count: texts.count, dimension: dimension)
        let arenas = (0..<parallel.threadCount).map { _ in Arena() }
        parallel(texts.count) { index, worker in
            let tokens = tokenizer.encode(texts[index], limit: tokenLimit)
            let mean = network.meanState(tokens, scratch: arenas[worker])
            let norm = mean.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let factor = norm > 0 && norm.isFinite ? 1 / norm : 0
            result.values.store(
                mean.map { factor == 0 ? 0 : Float(Double($0) * factor) },
                at: index * dimension
            )
        }
        return result
    }
}
