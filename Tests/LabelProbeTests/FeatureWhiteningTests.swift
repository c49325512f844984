import Foundation
import Kernels
import LanguageModel
import TestData
import Testing

@testable import LabelProbe

@Suite struct FeatureWhiteningTests {
    /// Features of independent directions with standard deviations 4, 2, 1 and 0, off the origin.
    private static func features(_ count: Int) -> Embeddings {
        var generator = SeededGenerator(seed: 3)
        let values = (0..<count).flatMap { _ in
            [4.0, 2, 1, 0].enumerated().map { place, deviation in
                Float(Double(place) + deviation * generator.uniform(-1.732, 1.732))
            }
        }
        return Embeddings(values: FloatBuffer(values), count: count, dimension: 4)
    }

    private func whitening(
        _ features: Embeddings,
        power: Double = 0.75,
        directions: Int = 4
    ) -> FeatureWhitening {
        var settings = LabelProbeSettings()
        settings.directions = directions
        settings.power = power
        settings.constant = 0.5
        return FeatureWhitening(of: .init(leaking: features), settings: settings)
    }

    @Test(arguments: [0, 0.75, 1])
    func variancesBecomeTheirOwnPowers(power: Double) {
        let features = Self.features(4_000)
        let whitening = whitening(features, power: power)
        #expect(whitening.inputCount == 5 && whitening.featureCount == 4)
        var sums = [Double](repeating: 0, count: 5)
        var squares = sums
        for text in 0..<4_000 {
            for (place, value) in whitening(features.row(text)).enumerated() {
                sums[place] += Double(value) / 4_000
                squares[place] += Double(value) * Double(value) / 4_000
            }
        }
        #expect(sums[..<4].allSatisfy { abs($0) < 1e-5 } && abs(sums[4] - 0.5) < 1e-9)
        // Together they make 1; between each other λ^(1 − p), λ being 16, 4 and 1.
        #expect(abs(squares[..<4].reduce(0, +) - 1) < 1e-4)
        for (place, ratio) in [(1, 4.0), (2, 16)] {
            let expected = pow(ratio, power - 1)
            // Deviations of 4,000 draws.
            #expect(abs(squares[place] / squares[0] / expected - 1) < 0.12)
        }
        #expect(squares[3] < 1e-12)
    }

    @Test func noInputIsLongerThanTheBound() {
        let whitening = whitening(Self.features(100))
        for scale in [Float(10), 1e20, .infinity, .nan] {
            let x = whitening([scale, -scale, scale, 1])
            let length = x[..<4].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(length <= FeatureWhitening.longest * (1 + 1e-6))
            #expect(x[4] == 0.5)
        }
    }

    @Test func fewTextsAreNoError() {
        for count in 0...2 {
            let x = whitening(Self.features(count))([1, 2, 3, 4])
            #expect(x.count == 5 && x.allSatisfy { $0.isFinite })
        }
    }
}
