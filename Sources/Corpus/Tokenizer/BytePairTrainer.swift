/// Learns the merges of a byte-level BPE from public text.
///
/// The algorithm of Sennrich, Haddow and Birch 2016 (arXiv:1508.07909, Algorithm 1) over the pieces of
/// the pre-tokeniser: merge the most frequent pair of neighbours, again and again. Ties go to the
/// pair with the smaller left id, then the smaller right id, as `tokenizers` breaks them. The result
/// depends on the multiset of texts alone, not on their order.
///
/// A vocabulary learned from private text would publish it: train on public text only.
package struct BytePairTrainer {
    private let vocabularySize: Int
    private let minimumFrequency: Int
    private var counts = PieceCounts()

    /// The smallest vocabulary: 256 bytes and end-of-text.
    package static let smallestVocabulary = 257

    /// A trainer for a vocabulary of that size.
    ///
    /// - Parameters:
    ///   - vocabularySize: 256 bytes, the merges and end-of-text together; at least 257.
    ///   - minimumFrequency: Pairs that occur less often are not merged; at least 1.
    package init(vocabularySize: Int, minimumFrequency: Int = 2) {
        precondition(
            vocabularySize >= Self.smallestVocabulary,
            "vocabularySize is \(vocabularySize); it must be at least \(Self.smallestVocabulary)"
        )
        precondition(
            minimumFrequency >= 1,
            "minimumFrequency is \(minimumFrequency); it must be >= 1"
        )
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
    }

    /// Counts the pieces of one text, which is not kept.
    package mutating func add(_ text: [UInt8]) { counts.add(text) }

    /// The tokenizer learned from all texts so far.
    ///
    /// Its vocabulary is smaller than asked for if the texts have too few frequent pairs.
    package func tokenizer() -> BytePairTokenizer {
        var learner = MergeLearner(words: counts.sorted)
        learner.learn(
            upTo: vocabularySize - Self.smallestVocabulary,
            minimumFrequency: minimumFrequency
        )
        let vocabulary = Vocabulary(trainedMerges: learner.merges, tokens: learner.tokens)
        return BytePairTokenizer(TokenizerDescription(trained: vocabulary))
    }
}
