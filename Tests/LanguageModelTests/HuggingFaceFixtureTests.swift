import Autograd
import Foundation
import Kernels
import LanguageModel
import Testing

/// Values of Hugging Face's GPT-2 with the same weights; see Fixtures/make_gpt2_fixture.py.
@Suite struct HuggingFaceFixtureTests {
    private struct Fixture: Decodable {
        let records: [[Int32]]
        let losses: [Double]
        let norms: [Double]
        let logits: [[Double]]
        let gradientStride: Int
        let gradients: [String: [Double]]
        let largest: [String: Double]
    }

    private let fixture: Fixture
    private let parameters: DecoderParameters
    private let pass: DecoderGradientPass

    init() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "gpt2_reference",
                withExtension: "json",
                subdirectory: "Fixtures"
            )
        )
        fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        parameters = DecoderParameters(
            zeros: DecoderConfiguration(
                vocabularySize: 97,
                contextLength: 32,
                width: 32,
                layerCount: 2,
                headCount: 4
            )
        )
        var index: UInt32 = 0
        for entry in parameters.layout.entries {
            let isScale = entry.name.contains("ln_") && entry.name.hasSuffix("weight")
            for place in entry.range {
                var bits = index &* 2_654_435_761 &+ 12_345
                bits = (bits ^ (bits >> 15)) &* 2_246_822_519
                parameters.values[place] =
                    Float(Int(bits >> 15) - 65_536) / 262_144 + (isScale ? 1 : 0)
                index += 1
            }
        }
        pass = DecoderGradientPass(parameters: parameters, parallel: ParallelFor(threadCount: 2))
    }

    private var units: [[TokenBatch.Sequence]] {
        fixture.records.map { [TokenBatch.Sequence(tokens: $0)] }
    }

    @Test func logitsAgree() {
        for (unit, expected) in zip(units, fixture.logits) {
            let logits = pass.logits(SmallModels.batch([unit]))
            // The contract is 1e-4 absolute; both sides compute in single precision.
            #expect(zip(logits, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
            #expect(logits.count == expected.count)
        }
    }

    @Test func lossesAndNormsOfEachRecordAgree() {
        let measured = pass.measure([SmallModels.batch(units)])
        for index in fixture.records.indices {
            #expect(abs(measured.losses[index] - fixture.losses[index]) < 1e-5)
            let norm = measured.squaredNorms[index].squareRoot()
            // The fixture's gradients are single precision.
            #expect(abs(norm - fixture.norms[index]) < 1e-5 * fixture.norms[index])
        }
    }

    @Test func summedGradientAgrees() {
        _ = pass.measure(units.map { SmallModels.batch([$0]) })
        let sum = FloatBuffer(count: parameters.layout.count)
        pass.addWeightedSum(factors: [1, 1, 1], into: sum)
        for entry in parameters.layout.entries {
            let values = sum.values(entry.range)
            let expected = fixture.gradients[entry.name] ?? []
            // 1e-4 of the largest element of the parameter's gradient, as the contract says.
            let tolerance = 1e-4 * (fixture.largest[entry.name] ?? 0)
            for (index, value) in expected.enumerated() {
                let difference = abs(Double(values[index * fixture.gradientStride]) - value)
                #expect(difference < tolerance, "\(entry.name)")
            }
            #expect(expected.count == (values.count - 1) / fixture.gradientStride + 1)
        }
    }
}
