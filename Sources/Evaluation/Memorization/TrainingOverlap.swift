package import Kernels

/// What a set of texts shares with the private training texts.
///
/// Internal only: not differentially private.
///
/// The same numbers for real texts held out from training are the baseline: sharing up to that much
/// says nothing about memorisation, since people repeat each other too.
public struct TrainingOverlap: Sendable, Codable, Equatable {
    /// The longest run of words that each text shares with any training text: the mean over texts.
    public let meanLongestNGram: Double
    /// The 95th percentile of the same.
    public let highLongestNGram: Int
    /// The longest of all.
    public let maximumLongestNGram: Int
    /// The share of texts with a training text of 5-gram Jaccard similarity ≥ 0.8, in [0, 1].
    public let nearDuplicateShare: Double

    enum CodingKeys: String, CodingKey {
        case meanLongestNGram = "mean_longest_ngram"
        case highLongestNGram = "p95_longest_ngram"
        case maximumLongestNGram = "max_longest_ngram"
        case nearDuplicateShare = "near_duplicate_share"
    }

    /// Measures `texts` against `training`; words are folded.
    package init(of texts: TextFeatures, training: TrainingIndex, parallel: ParallelFor) throws {
        let longest = Self.longestShared(texts.folded, with: training.folded).sorted()
        meanLongestNGram =
            longest.isEmpty ? 0 : Double(longest.reduce(0, +)) / Double(longest.count)
        highLongestNGram = longest.isEmpty ? 0 : longest[(longest.count - 1) * 95 / 100]
        maximumLongestNGram = longest.last ?? 0
        nearDuplicateShare = try training.nearDuplicates.share(
            of: NearDuplicates(texts.texts, parallel: parallel),
            parallel: parallel
        )
    }

    /// The length of the longest word run that each text shares with any training text.
    ///
    /// Sharing n words implies sharing n − 1, so lengths are tried in turn and a text leaves as soon
    /// as it shares nothing; cost: words × the longest run found.
    static func longestShared(_ texts: [[UInt64]], with training: [[UInt64]]) -> [Int] {
        var longest = [Int](repeating: 0, count: texts.count)
        var active = Array(texts.indices)
        var own = GrowingNGrams(texts)
        var others = GrowingNGrams(training)
        while !active.isEmpty {
            var known: Set<UInt64> = []
            for hashes in others.hashes { known.formUnion(hashes) }
            active = active.filter { own.hashes[$0].contains(where: known.contains) }
            for index in active { longest[index] += 1 }
            own.lengthen()
            others.lengthen()
        }
        return longest
    }
}
