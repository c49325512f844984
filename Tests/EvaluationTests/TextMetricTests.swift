import Foundation
import Kernels
import Testing

@testable import Evaluation

@Suite struct TextMetricTests {
    private let parallel = ParallelFor(threadCount: 2)

    @Test func lengthDistanceEqualsScipys() throws {
        let fixture = try ReferenceFixture.load()
        let test = LengthDistribution(fixture.test.map(WordHashes.verbatim))
        let train = LengthDistribution(fixture.train.map(WordHashes.verbatim))
        // Sums of a few hundred multiples of 1/36,000: rounding only.
        #expect(abs(test.wassersteinDistance(to: train) - fixture.lengthWasserstein) < 1e-12)
        #expect(test.wassersteinDistance(to: test) == 0)
    }

    @Test func lengthSummariesAreThoseOfTheSortedCounts() {
        let lengths = LengthDistribution([[1], [1, 2, 3], [], [1, 2, 3, 4, 5, 6, 7]])
        #expect(lengths.mean == 2.75)
        #expect(lengths.median == 2)
        #expect(lengths.histogram(width: 2, binCount: 3) == [0.5, 0.25, 0.25])
        #expect(LengthDistribution([]).mean == 0)
    }

    @Test func distinctSharesEqualTheReference() throws {
        let fixture = try ReferenceFixture.load()
        let texts = fixture.test.map(WordHashes.verbatim)
        for length in 1...3 {
            let share = DistinctNGrams.share(of: texts, length: length)
            #expect(abs(share - fixture.distinct[length - 1]) < 1e-12)
        }
        #expect(DistinctNGrams.share(of: [[1]], length: 2) == 0)
    }

    /// The fixture counts against every other text by brute force.
    @Test func selfBLEUEqualsTheBruteForceReference() throws {
        let fixture = try ReferenceFixture.load()
        let scores = SelfBLEU.scores(of: fixture.test.map(WordHashes.verbatim))
        #expect(scores.count == fixture.selfBLEU.count)
        for (score, expected) in zip(scores, fixture.selfBLEU) {
            #expect(abs(score - expected) < 1e-12)
        }
        #expect(abs(SelfBLEU.score(of: [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]) - 1) < 1e-12)
        #expect(SelfBLEU.score(of: [[1, 2]]) == 0)
    }

    @Test func nearDuplicatesAreThoseOfBruteForce() throws {
        let fixture = try ReferenceFixture.load()
        var texts = fixture.train
        texts += texts.prefix(40).map { $0.uppercased() + "!!" }
        texts += texts.prefix(20).map { $0 + " indeed" }
        let sets = texts.map { ShingleSet($0) }
        let expected = sets.indices.count { index in
            sets.indices.contains { $0 != index && sets[$0].jaccard(sets[index]) >= 0.8 }
        }
        let share = try NearDuplicates(texts, parallel: parallel).shareWithin(parallel: parallel)
        #expect(expected > 80)
        #expect(abs(share - Double(expected) / Double(texts.count)) < 1e-12)
    }

    @Test func jaccardIsThatOfTheCharacterFiveGrams() {
        // "abcdef" has abcde, bcdef; "abcdeg" has abcde, bcdeg.
        #expect(abs(ShingleSet("abcdef").jaccard(ShingleSet("abcdeg")) - 1.0 / 3) < 1e-15)
        #expect(ShingleSet("A, b  c!").jaccard(ShingleSet("a b c")) == 1)
        #expect(ShingleSet("ab").jaccard(ShingleSet("ac")) == 0)
    }

    @Test func exactDuplicatesAreCountedByBytes() {
        #expect(ExactDuplicates.share(of: ["a", "a", "b", "a"]) == 0.5)
        // The same letter composed and decomposed: canonically equal, but other bytes.
        #expect(ExactDuplicates.share(of: ["\u{E9}", "e\u{301}"]) == 0)
        #expect(ExactDuplicates.share(of: []) == 0)
    }

    @Test func longestSharedRunIsFound() {
        let training: [[UInt64]] = [[1, 2, 3, 4, 5], [9, 8, 7]]
        let texts: [[UInt64]] = [[0, 2, 3, 4, 0], [5, 9], [6], [], [1, 2, 3, 4, 5]]
        #expect(TrainingOverlap.longestShared(texts, with: training) == [3, 1, 0, 0, 5])
    }

    @Test func copiesOfTrainingTextsShow() throws {
        let fixture = try ReferenceFixture.load()
        let training = try TrainingIndex(fixture.train, parallel: parallel)
        let copied = try TextFeatures(Array(fixture.train.prefix(50)), parallel: parallel)
        let held = try TextFeatures(Array(fixture.test.prefix(50)), parallel: parallel)
        let copy = try TrainingOverlap(of: copied, training: training, parallel: parallel)
        let baseline = try TrainingOverlap(of: held, training: training, parallel: parallel)
        #expect(copy.nearDuplicateShare == 1)
        #expect(baseline.nearDuplicateShare < 0.2)
        #expect(copy.meanLongestNGram > 2 * baseline.meanLongestNGram)
    }

    @Test func exposureOfTheBestOfAThousandIsTenBits() throws {
        let fillers = (0..<1023).map { Double($0) }
        let best = try #require(CanaryExposure(canaryLoss: -1, fillerLosses: fillers))
        #expect(best.rank == 1 && best.exposure == 10)
        let tied = try #require(CanaryExposure(canaryLoss: 0, fillerLosses: [0, 0, 1]))
        #expect(tied.rank == 3 && abs(tied.exposure - (2 - log2(3))) < 1e-12)
        #expect(CanaryExposure(canaryLoss: .nan, fillerLosses: [1]) == nil)
        #expect(CanaryExposure(canaryLoss: 1, fillerLosses: []) == nil)
    }
}
