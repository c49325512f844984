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
    static func places(
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
