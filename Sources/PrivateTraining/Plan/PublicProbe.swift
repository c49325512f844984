package import Corpus
package import Kernels
package import LanguageModel

/// Runs a base model on public prompts before anything is spent on it.
///
/// From a model whose logits are not finite nothing is learned: every gradient is left out, and all
/// steps are paid for noise alone.
package struct PublicProbe {
    /// Tokens of the vocabulary that are read, spread over all of it.
    private static let tokenLimit = 1_024
    private static let labelLimit = 64
    /// Tokens of a prompt, few: what is asked is whether the model works at all.
    private static let promptLimit = 16

    private let prompts: [[Int32]]

    /// What stands before the texts of each label, and ids from the whole vocabulary.
    ///
    /// - Parameters:
    ///   - tokenizer: The model's.
    ///   - sequenceLength: The longest sequence of the run, at least 2.
    ///   - labels: Public label values that were given, if any were; none that were found in data.
    package init(_ tokenizer: BytePairTokenizer, sequenceLength: Int, labels: LabelSet?) {
        let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: sequenceLength)
        let length = min(sequenceLength, Self.promptLimit) - 1
        let prefixes = Self.rows(of: labels).map { row in
            encoder.prefix(labels: row.map { Array($0.utf8) }).prefix(length)
        }
        let size = tokenizer.vocabularySize
        let spread = (size + Self.tokenLimit - 1) / Self.tokenLimit
        let ids = stride(from: 0, to: size, by: spread).map { Int32($0) }
        let begin = tokenizer.beginningOfText
        prompts =
            prefixes.map { $0 + [tokenizer.endOfText] }
            + stride(from: 0, to: ids.count, by: length).map { first in
                [begin] + ids[first..<min(first + length, ids.count)]
            }
    }

    private static func rows(of labels: LabelSet?) -> [[String]] {
        guard let labels, !labels.columns.isEmpty else { return [[]] }
        let joint = JointLabels(labels)
        return (0..<min(joint.count, labelLimit)).map { joint.values(of: $0) }
    }

    /// Refuses a model that does not say how likely the prompts are.
    ///
    /// - Throws: `GenerationError.logitsNotFinite`.
    package func require(_ parameters: DecoderParameters, parallel: ParallelFor)
        throws(GenerationError)
    {
        let pass = DecoderGradientPass(parameters: parameters, parallel: parallel)
        let units = prompts.map { [TokenBatch.Sequence(tokens: $0)] }
        let losses = pass.losses(TokenBatch.shards(of: units, maximumRows: 512))
        guard losses.allSatisfy(\.isFinite) else { throw .logitsNotFinite }
    }
}
