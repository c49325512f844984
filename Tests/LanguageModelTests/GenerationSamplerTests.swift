import Foundation
import Kernels
import TestData
import Testing

@testable import LanguageModel

@Suite struct GenerationSamplerTests {
    private static let logits: [Float] = (0..<200).map { Float(($0 * 7919) % 200) / 40 - 2 }

    private static func row(_ values: [Float]) -> Matrix {
        Matrix(FloatBuffer(values), rows: 1, columns: values.count)
    }

    /// The distribution by the definition: sort, cut, normalise, in Double.
    private static func distribution(_ logits: [Float], _ options: SamplingOptions) -> [Double] {
        let scaled = logits.map { Double($0) / Double(options.temperature) }
        let order = scaled.indices.sorted { (scaled[$0], $1) > (scaled[$1], $0) }
        var weights = scaled.map { exp($0) }
        if options.topK > 0 && options.topK < logits.count {
            let threshold = weights[order[options.topK - 1]]
            weights = weights.map { $0 >= threshold ? $0 : 0 }
        }
        let total = weights.reduce(0, +)
        var before = 0.0
        for index in order {
            let weight = weights[index]
            if before >= Double(options.topP) * total { weights[index] = 0 }
            before += weight
        }
        let kept = weights.reduce(0, +)
        return weights.map { $0 / kept }
    }

    @Test(
        arguments: [
            SamplingOptions(temperature: 1, topK: 0, topP: 1, endOfText: nil),
            SamplingOptions(temperature: 0.7, topK: 20, topP: 1, endOfText: nil),
            SamplingOptions(temperature: 1.5, topK: 0, topP: 0.6, endOfText: nil),
            SamplingOptions(temperature: 1, topK: 50, topP: 0.9, endOfText: nil),
            SamplingOptions(temperature: 2, topK: 0, topP: 0.999, endOfText: nil),
        ])
    func frequenciesFollowTheDistribution(options: SamplingOptions) {
        let expected = Self.distribution(Self.logits, options)
        let sampler = TokenSampler(options: options)
        var generator = SeededGenerator(seed: 7)
        var counts = [Double](repeating: 0, count: expected.count)
        let draws = 60_000
        for _ in 0..<draws {
            let uniform = Double.random(in: 0..<1, using: &generator)
            counts[Int(sampler.token(for: Self.row(Self.logits), uniform: uniform))] += 1
        }
        var chiSquare = 0.0
        var cells = 0.0
        for (count, probability) in zip(counts, expected) {
            if probability == 0 { #expect(count == 0) }
            guard probability > 0 else { continue }
            let mean = probability * Double(draws)
            chiSquare += (count - mean) * (count - mean) / mean
            cells += 1
        }
        // Wilson and Hilferty's normal approximation; 5 standard deviations: p < 3e-7.
        let freedom = cells - 1
        let root = cbrt(chiSquare / freedom)
        let deviation = (2 / (9 * freedom)).squareRoot()
        #expect((root - (1 - deviation * deviation)) / deviation < 5)
    }

    @Test func everyUniformNumberPicksATokenOfItsOwnShare() {
        let options = SamplingOptions(temperature: 1, topK: 0, topP: 1, endOfText: nil)
        let sampler = TokenSampler(options: options)
        let logits: [Float] = [0, log(3), -.infinity]
        func token(_ uniform: Double) -> Int32 {
            sampler.token(for: Self.row(logits), uniform: uniform)
        }
        #expect(token(0) == 0 && token(0.2499) == 0)
        #expect(token(0.2501) == 1 && token(1 - 0x1p-53) == 1)
    }

    @Test(
        arguments: [
            SamplingOptions(temperature: 0, endOfText: nil, vocabularySize: 3),
            SamplingOptions(temperature: 1, topK: 0, topP: 1, endOfText: nil, vocabularySize: 3),
            SamplingOptions(temperature: 1, topK: 2, topP: 0.9, endOfText: nil, vocabularySize: 3),
            SamplingOptions(temperature: 1, topK: 50, topP: 0.9, endOfText: nil, vocabularySize: 3),
        ])
    func rowsBeyondTheVocabularyAreNeverDrawn(options: SamplingOptions) {
        let sampler = TokenSampler(options: options)
        for uniform in [0, 0.5, 1 - 0x1p-53] {
            // The spare rows would win every draw.
            let token = sampler.token(for: Self.row([0, 1, 0.5, 90, 99]), uniform: uniform)
            #expect((0..<3).contains(token))
        }
    }

    @Test func greedyTakesTheFirstOfTheLargest() {
        let sampler = TokenSampler(options: SamplingOptions(temperature: 0, endOfText: nil))
        #expect(sampler.token(for: Self.row([1, 3, 2, 3]), uniform: 0) == 1)
        #expect(sampler.token(for: Self.row([-5]), uniform: 0) == 0)
    }

    @Test func topKKeepsTies() {
        let options = SamplingOptions(temperature: 1, topK: 2, topP: 1, endOfText: nil)
        let sampler = TokenSampler(options: options)
        let tokens = (0..<100).map { step in
            sampler.token(for: Self.row([1, 5, 5, 0, 5]), uniform: Double(step) / 100)
        }
        #expect(Set(tokens) == [1, 2, 4])
    }

    @Test func aNucleusSmallerThanEveryTokenKeepsTheLikeliest() {
        let options = SamplingOptions(temperature: 1, topK: 0, topP: 1e-6, endOfText: nil)
        let sampler = TokenSampler(options: options)
        for uniform in [0, 0.5, 0.999] {
            #expect(sampler.token(for: Self.row([0, 1, 0.5]), uniform: uniform) == 1)
        }
    }

    @Test func ranksAreThoseOfASort() {
        var generator = SeededGenerator(seed: 3)
        for count in [2, 17, 64, 65, 1000] {
            let values = (0..<count).map { _ in Float(Int.random(in: -50...50, using: &generator)) }
            let sorted = values.sorted(by: >)
            for rank in [1, 2, count / 2, count - 1] where rank >= 1 {
                let likeliest = LargestValues.indices(rank, in: Self.row(values))
                let expected = values.indices.filter { values[$0] >= sorted[rank - 1] }
                #expect(likeliest.map(Int.init) == expected)
            }
            let indices = SamplingKernels.indices(in: Self.row(values), atLeast: 10)
            #expect(indices == values.indices.filter { values[$0] >= 10 }.map(Int32.init))
            #expect(SamplingKernels.maximum(of: Self.row(values)) == sorted[0])
        }
    }
}
