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

/// The private training texts, prepared once for measuring every row's overlap with them.
package struct TrainingIndex: Sendable {
    /// Case-folded words of each text.
    let folded: [[UInt64]]
    /// What finds near-duplicates.
    let nearDuplicates: NearDuplicates

    /// Indexes `texts`.
    package init(_ texts: [String], parallel: ParallelFor) throws {
        folded = try TextFeatures(texts, parallel: parallel).folded
        nearDuplicates = try NearDuplicates(texts, parallel: parallel)
    }
}

/// Test texts that are in the training file too: counts alone.
///
/// Whoever learned such a text is asked for what it was told, so scores come out too high.
public struct TestTextsInTraining: Sendable, Codable, Equatable {
    /// Test texts that a training text equals byte for byte.
    public let exact: Int
    /// Test texts that a training text equals but for case, punctuation and white space; those that are
    /// equal byte for byte among them.
    public let normalised: Int
    /// All test texts.
    public let testTexts: Int

    enum CodingKeys: String, CodingKey {
        case exact, normalised
        case testTexts = "test_texts"
    }

    /// Counts; `isNormalised` says of each test text whether a training text has its words.
    init(exact: Int, isNormalised: [Bool]) {
        self.exact = exact
        normalised = isNormalised.count { $0 }
        testTexts = isNormalised.count
    }

    /// Which test texts are in the training file, byte for byte or by their words.
    ///
    /// Texts without a word, such as "!!!", are equal byte for byte or not at all.
    package static func places(
        of test: TextFeatures,
        in training: TextFeatures
    ) -> [(exact: Bool, normalised: Bool)] {
        let bytes = Set(training.texts.map { Array($0.utf8) })
        let words = Set(training.folded)
        return test.texts.indices.map { place in
            let isExact = bytes.contains(Array(test.texts[place].utf8))
            let own = test.folded[place]
            return (isExact, isExact || (!own.isEmpty && words.contains(own)))
        }
    }

    /// What a reader must know; nil if no test text is in the training file.
    public var warning: String? {
        guard normalised > 0 else { return nil }
        let text = normalised == 1 ? "text is" : "texts are"
        return
            "\(ReportNumber.count(normalised)) of \(ReportNumber.count(testTexts)) real test \(text) also in the "
            + "training file (\(ReportNumber.count(exact)) byte for byte, the others but for case, punctuation "
            + "and spaces): scores of whatever learned from it are too high; take them out of one of the files"
    }
}
