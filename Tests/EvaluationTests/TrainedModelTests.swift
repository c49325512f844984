import Foundation
import Kernels
import LanguageModel
import SeededRandomness
import Testing

@testable import Evaluation

/// Metrics that train a model, on texts whose best possible numbers are known.
@Suite struct TrainedModelTests {
    private static let endOfText: Int32 = 8

    /// Letters a–h are the tokens 0–7.
    private static func model() -> MeasuringModel {
        var generator = SplitMix64(seed: 5, stream: 0)
        return MeasuringModel(
            name: "letters",
            parameters: DecoderParameters(
                initializing: DecoderConfiguration(
                    vocabularySize: 9,
                    contextLength: 40,
                    width: 32,
                    layerCount: 1,
                    headCount: 2
                ),
                using: &generator
            ),
            endOfText: endOfText,
            tokenize: { $0.map { Int32($0) - 97 } }
        )
    }

    /// Eight times a letter of a–d, each followed by the letter four places on: e–h.
    private static func pairs(_ count: Int, seed: UInt64) -> [String] {
        var generator = SplitMix64(seed: seed, stream: 0)
        return (0..<count).map { _ in
            let letters = (0..<8).flatMap { _ -> [UInt8] in
                let letter = UInt8.random(in: 97..<101, using: &generator)
                return [letter, letter + 4]
            }
            return String(decoding: letters, as: UTF8.self)
        }
    }

    private static func prediction(
        on texts: [String],
        real: [String],
        threads: Int = 2
    ) throws -> NextTokenPrediction {
        try #require(
            NextTokenPrediction(
                training: texts,
                real: real,
                model: model(),
                seed: 1,
                parallel: ParallelFor(threadCount: threads),
                progress: { _, _ in }
            )
        )
    }

    /// Of 17 tokens 8 are one of four at random, 9 are certain.
    @Test func theBestPossibleNumbersAreReached() throws {
        let real = Self.pairs(160, seed: 2)
        let found = try Self.prediction(on: Self.pairs(300, seed: 1), real: real)
        // Guessing one of four: 1,600 draws have a deviation of 0.011, of which 8/17 count.
        #expect(abs(found.accuracy - (8 * 0.25 + 9) / 17) < 0.03)
        let best = exp(8 * log(4.0) / 17)
        #expect(found.perplexity > best * 0.99 && found.perplexity < best * 1.15)
        // The same losses, text by text.
        let losses = found.losses(of: real, parallel: ParallelFor(threadCount: 1))
        let perplexity = exp(losses.reduce(0, +) / Double(17 * real.count))
        #expect(abs(perplexity - found.perplexity) < 1e-4 * found.perplexity)
    }

    @Test func textOfAnotherKindPredictsRealTextBadly() throws {
        let real = Self.pairs(60, seed: 2)
        let good = try Self.prediction(on: Self.pairs(120, seed: 1), real: real)
        let reversed = Self.pairs(120, seed: 1).map { String($0.reversed()) }
        let bad = try Self.prediction(on: reversed, real: real)
        #expect(bad.accuracy < good.accuracy - 0.2)
        #expect(bad.perplexity > good.perplexity * 2)
    }

    @Test func threadsDoNotChangeTheNumbers() throws {
        let texts = Self.pairs(64, seed: 1)
        let one = try Self.prediction(on: texts, real: texts, threads: 1)
        let two = try Self.prediction(on: texts, real: texts, threads: 2)
        #expect(one.accuracy == two.accuracy && one.perplexity == two.perplexity)
    }

    @Test func plantedCanariesRankFirstAndOthersDoNot() throws {
        var generator = SplitMix64(seed: 9, stream: 0)
        let secrets = (0..<32).map { _ in
            String(
                decoding: (0..<10).map { _ in UInt8.random(in: 97..<105, using: &generator) },
                as: UTF8.self
            )
        }
        let planted = [String](repeating: secrets[0], count: 40)
        let found = try Self.prediction(
            on: Self.pairs(120, seed: 1) + planted,
            real: Self.pairs(20, seed: 2)
        )
        let losses = found.losses(of: secrets, parallel: ParallelFor(threadCount: 2))
        let first = try #require(
            CanaryExposure(canaryLoss: losses[0], fillerLosses: Array(losses.dropFirst()))
        )
        #expect(first.rank == 1 && first.exposure == 5)
        // The others' ranks are a permutation: their mean exposure is that of chance.
        let others = try secrets.indices.dropFirst().map { index in
            let rest = losses.indices.filter { $0 > 0 && $0 != index }.map { losses[$0] }
            return try #require(CanaryExposure(canaryLoss: losses[index], fillerLosses: rest))
        }
        #expect(Set(others.map(\.rank)).count == others.count)
    }

    @Test func aClassifierLearnsItsClassesAndLeavesTheBaseAlone() throws {
        let model = Self.model()
        let before = model.parameters.values.values(0..<model.parameters.values.count)
        // Of a text's 12 letters three in four are the class's own.
        func labelled(_ seed: UInt64, _ count: Int) -> ([String], [Int]) {
            var generator = SplitMix64(seed: seed, stream: 0)
            let labels = (0..<count).map { $0 % 4 }
            let texts = labels.map { label in
                let letters = (0..<12).map { _ in
                    Int.random(in: 0..<4, using: &generator) > 0
                        ? UInt8(97 + label) : UInt8.random(in: 97..<105, using: &generator)
                }
                return String(decoding: letters, as: UTF8.self)
            }
            return (texts, labels)
        }
        let (texts, labels) = labelled(1, 240)
        let classifier = FineTunedClassifier(
            texts: texts,
            labels: labels,
            classCount: 4,
            model: model,
            seed: 1,
            // The base is random here, so there is more to learn.
            epochs: 12,
            learningRate: 5e-3,
            parallel: ParallelFor(threadCount: 2),
            progress: { _, _ in }
        )
        let (unseen, answers) = labelled(2, 200)
        let predicted = classifier.predictions(
            for: unseen,
            parallel: ParallelFor(threadCount: 2)
        )
        let hits = zip(predicted, answers).count { $0 == $1 }
        #expect(predicted.allSatisfy { (0..<4).contains($0) })
        // Chance is 50 of 200; counting letters gets nearly all.
        #expect(hits > 180)
        let after = model.parameters.values.values(0..<model.parameters.values.count)
        let isSame = after == before
        #expect(isSame)
    }

    @Test func noTextsGiveNoNumbers() throws {
        let parallel = ParallelFor(threadCount: 1)
        for (texts, real) in [([], ["ab"]), (["ab"], [])] as [([String], [String])] {
            let found = NextTokenPrediction(
                training: texts,
                real: real,
                model: Self.model(),
                seed: 1,
                parallel: parallel,
                progress: { _, _ in }
            )
            #expect(found == nil)
        }
    }

    @Test func fullMetricsTrainAModelForEveryRowWithTexts() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.metrics = .full
        var generator = SplitMix64(seed: 3, stream: 0)
        inputs.model = MeasuringModel(
            name: "bytes",
            parameters: DecoderParameters(
                initializing: DecoderConfiguration(
                    vocabularySize: 257,
                    contextLength: 80,
                    width: 16,
                    layerCount: 1,
                    headCount: 2
                ),
                using: &generator
            ),
            endOfText: 256,
            tokenize: { $0.map { Int32($0) } }
        )
        inputs.canaries = [Canary(text: "planted", fillers: ["one", "two"])]
        var activities: Set<String> = []
        let report = try Comparison(inputs: inputs, parallel: ParallelFor(threadCount: 2)).run {
            activities.insert($0.activity)
            #expect($0.finished <= $0.total)
        }
        for row in report.rows {
            let hasTexts = row.reference != .majorityClass
            #expect((row.metrics.nextTokenAccuracy != nil) == hasTexts)
            #expect((row.metrics.fineTunedAccuracy?["topic"] != nil) == hasTexts)
            #expect((row.metrics.canaries?.first?.candidateCount == 3) == hasTexts)
            #expect(row.metrics.fineTunedSeeds == (hasTexts ? inputs.seeds : nil))
            let fits = row.metrics.fineTunedAccuracySeeds?["topic"] ?? []
            #expect(fits.count == (hasTexts ? inputs.seeds.count : 0))
            let mean = fits.reduce(0, +) / Double(max(fits.count, 1))
            // The same sum, in one order.
            #expect(row.metrics.fineTunedAccuracy?["topic"] == (hasTexts ? mean : nil))
        }
        // Fits with the same seed would agree everywhere.
        #expect(
            report.rows.contains {
                Set($0.metrics.fineTunedAccuracySeeds?["topic"] ?? []).count > 1
            }
        )
        #expect(activities.contains { $0.hasPrefix("classifier of real, topic, step 0 of") })
        #expect(report.html().contains("Models trained on the texts"))
        #expect(report.markdown().contains("Canary exposure"))
        for page in [report.html(), report.markdown()] {
            #expect(page.contains("Every seed of the fine-tuned classifier"))
        }
        let json = String(decoding: try report.numbersJSON(), as: UTF8.self)
        #expect(json.contains("\"next_token_perplexity\""))
    }
}
