import Autograd
import Foundation
import Kernels
import LanguageModel
import Testing

/// Values of Hugging Face's GPT-2 with the same weights; see Fixtures/make_gpt2_fixture.py.
@Suite struct HuggingFaceFixtureTests {
    private let fixture: TransformersFixture
    private let parameters: DecoderParameters
    private let pass: DecoderGradientPass

    init() throws {
        fixture = try JSONDecoder().decode(
            TransformersFixture.self,
            from: try TransformersFixture.contents("gpt2")
        )
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
                parameters.values[place] = TransformersFixture.weight(index) + (isScale ? 1 : 0)
                index += 1
            }
        }
        pass = DecoderGradientPass(parameters: parameters, parallel: ParallelFor(threadCount: 2))
    }

    @Test func logitsAgree() {
        for (unit, expected) in zip(fixture.units, fixture.logits) {
            let logits = pass.logits(SmallModels.batch([unit]))
            // The contract is 1e-4 absolute; both sides compute in single precision.
            #expect(zip(logits, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
            #expect(logits.count == expected.count)
        }
    }

    @Test func lossesAndNormsOfEachRecordAgree() {
        fixture.expectLossesAndNorms(of: pass, [SmallModels.batch(fixture.units)])
    }

    @Test func summedGradientAgrees() throws {
        _ = pass.measure(fixture.units.map { SmallModels.batch([$0]) })
        let sum = FloatBuffer(count: parameters.layout.count)
        pass.addWeightedSum(factors: [1, 1, 1], into: sum)
        for entry in parameters.layout.entries {
            try fixture.expectGradient(entry.name, sum.values(entry.range))
        }
    }
}
