import Foundation
import Testing

@testable import Evaluation

@Suite struct TextClassifierTests {
    /// Both minimise the same strictly convex function; 2e-5 covers our gradient tolerance of 1e-8
    /// and Float storage of the features (6e-8 relative each).
    @Test func probabilitiesEqualScikitLearns() throws {
        let fixture = try ReferenceFixture.load()
        let classes = Set(fixture.trainLabels).sorted()
        let labels = fixture.trainLabels.map { classes.firstIndex(of: $0) ?? -1 }
        var settings = TextClassifier.Settings()
        settings.gradientTolerance = 1e-8
        let classifier = TextClassifier(
            counts: HashedNGrams.counts(of: fixture.train.map(WordHashes.folded)),
            labels: labels,
            members: Array(labels.indices),
            settings: settings
        )
        #expect(classifier.converged)
        let test = HashedNGrams.counts(of: fixture.test.map(WordHashes.folded))
        for (scores, expected) in zip(
            classifier.decisionScores(for: test),
            fixture.classifier.probabilities
        ) {
            let total = scores.map { exp($0) }.reduce(0, +)
            for (score, probability) in zip(scores, expected) {
                #expect(abs(exp(score) / total - probability) < 2e-5)
            }
        }
        let scores = ClassificationScores(
            predicted: classifier.predictions(for: test),
            actual: fixture.testLabels.map { classes.firstIndex(of: $0) ?? -1 },
            classCount: 3
        )
        #expect(abs(scores.accuracy - fixture.classifier.accuracy) < 1e-12)
        #expect(abs(scores.macroF1 - fixture.classifier.macroF1) < 1e-12)
    }

    @Test func defaultToleranceDecidesAsAFullyConvergedFit() throws {
        let fixture = try ReferenceFixture.load()
        let classes = Set(fixture.trainLabels).sorted()
        let labels = fixture.trainLabels.map { classes.firstIndex(of: $0) ?? -1 }
        let counts = HashedNGrams.counts(of: fixture.train.map(WordHashes.folded))
        let test = HashedNGrams.counts(of: fixture.test.map(WordHashes.folded))
        var exact = TextClassifier.Settings()
        exact.gradientTolerance = 1e-9
        let loose = TextClassifier(counts: counts, labels: labels, members: Array(labels.indices))
        let tight = TextClassifier(
            counts: counts,
            labels: labels,
            members: Array(labels.indices),
            settings: exact
        )
        #expect(loose.predictions(for: test) == tight.predictions(for: test))
    }

    @Test func oneClassIsAlwaysPredicted() {
        let counts = HashedNGrams.counts(of: ["a b", "c d"].map(WordHashes.folded))
        let classifier = TextClassifier(counts: counts, labels: [2, 2], members: [0, 1])
        #expect(classifier.predictions(for: counts) == [2, 2])
    }

    @Test func aRepeatedTextWeighsAsManyTextsAsItsRepeats() {
        let texts = ["red apple", "green pear", "green leaf"].map(WordHashes.folded)
        let counts = HashedNGrams.counts(of: texts)
        let repeated = HashedNGrams.counts(of: [texts[0], texts[0], texts[1], texts[2]])
        let first = TextClassifier(counts: counts, labels: [0, 1, 1], members: [0, 0, 1, 2])
        let second = TextClassifier(counts: repeated, labels: [0, 0, 1, 1], members: [0, 1, 2, 3])
        #expect(first.decisionScores(for: counts) == second.decisionScores(for: counts))
    }

    @Test func aTextWithoutKnownWordsGetsTheInterceptsDecision() {
        let counts = HashedNGrams.counts(of: ["x y", "x z", "w"].map(WordHashes.folded))
        let classifier = TextClassifier(counts: counts, labels: [1, 1, 0], members: [0, 1, 2])
        #expect(classifier.predictions(for: HashedNGrams.counts(of: [[], [12345]])) == [1, 1])
    }

    @Test func macroF1CountsAbsentClassesAsZero() {
        let scores = ClassificationScores(predicted: [0, 1, 1], actual: [0, 1, 0], classCount: 3)
        #expect(abs(scores.accuracy - 2.0 / 3) < 1e-15)
        // Class F1: 2/3, 2/3, 0.
        #expect(abs(scores.macroF1 - 4.0 / 9) < 1e-15)
    }
}
