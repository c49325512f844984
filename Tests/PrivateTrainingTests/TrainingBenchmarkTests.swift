import LanguageModel
import Testing

@testable import PrivateTraining

@Suite struct TrainingBenchmarkTests {
    @Test func operationsAreSixAParameterAndTokenAndTheAttention() {
        let shape = DecoderConfiguration(.gpt2)
        let rows = 63.0
        let weights = 12.0 * 12 * 768 * 768 + 768 * 50_257
        let attention = 12.0 * 768 * rows * (rows + 1)
        let plain = ModelOperations(shape).forwardAndBackward(rows: 63)
        #expect(plain == 6 * (rows * weights + attention))
        // Frozen matrices have no weight gradients: four operations instead of six.
        let adapted = ModelOperations(shape, adapterRank: 8).forwardAndBackward(rows: 63)
        #expect(adapted > 2.0 / 3 * plain && adapted < 0.72 * plain)
    }

    private static let cases: [(TrainingBenchmark.Clipping, Int?)] = [
        (.ghost, 3), (.none, nil), (.ghost, nil),
    ]

    @Test(arguments: cases)
    func stepsRunAndAreTimed(clipping: TrainingBenchmark.Clipping, rank: Int?) throws {
        let shape = DecoderConfiguration(
            vocabularySize: 20,
            contextLength: 8,
            width: 8,
            layerCount: 1,
            headCount: 2
        )
        var benchmark = TrainingBenchmark(shape, threads: 2)
        benchmark.sequenceLength = 6
        benchmark.batchSize = 3
        benchmark.steps = 2
        benchmark.productRounds = 1
        benchmark.clipping = clipping
        benchmark.adapterRank = rank
        let result = try benchmark.run()
        #expect(result.stepSeconds > 0 && result.products.ceiling > 0)
        #expect(result.peakBytes > 1 << 20)
    }

    @Test func medianIsTheMiddle() {
        #expect(Median.of([3, 1, 2]) == 2 && Median.of([4, 1, 2, 3]) == 2.5)
        #expect(Median.of([]).isNaN)
    }
}
