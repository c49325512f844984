import Autograd
import Foundation
import Kernels
import Testing

@testable import LanguageModel

/// Values of transformers' Llama, Qwen2 and Qwen3 with the same weights; see
/// Fixtures/make_family_fixtures.py.
@Suite struct FamilyFixtureTests {
    private static let families = ["llama", "qwen2", "qwen3"]

    private struct Problem {
        let fixture: TransformersFixture
        let parameters: DecoderParameters
        let pass: DecoderGradientPass
        let units: [[TokenBatch.Sequence]]

        init(_ family: String) throws {
            let data = try TransformersFixture.contents(family)
            fixture = try JSONDecoder().decode(TransformersFixture.self, from: data)
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            let config = try JSONSerialization.data(withJSONObject: try #require(object?["config"]))
            parameters = DecoderParameters(
                zeros: try DecoderConfiguration(huggingFaceJSON: Array(config))
            )
            var index: UInt32 = 0
            for tensor in parameters.configuration.storedTensors {
                let values = (0..<tensor.count).map { _ -> Float in
                    defer { index += 1 }
                    let one: Float = tensor.name.contains("norm") ? 1 : 0
                    return TransformersFixture.weight(index) + one
                }
                // In pieces, as a file is read.
                for start in stride(from: 0, to: values.count, by: 100) {
                    let piece = Array(values[start..<min(start + 100, values.count)])
                    parameters.store(piece, of: tensor, from: start)
                }
                #expect(parameters.storedValues(of: tensor, 0..<tensor.count) == values)
            }
            pass = DecoderGradientPass(
                parameters: parameters,
                parallel: ParallelFor(threadCount: 2)
            )
            units = fixture.units
        }
    }

    @Test(arguments: families)
    func logitsAgree(family: String) throws {
        let problem = try Problem(family)
        for (unit, expected) in zip(problem.units, problem.fixture.logits) {
            let logits = problem.pass.logits(SmallModels.batch([unit]))
            // The contract is 1e-4 absolute; both sides compute in single precision.
            #expect(zip(logits, expected).allSatisfy { abs(Double($0) - $1) < 2e-5 })
            #expect(logits.count == expected.count)
        }
    }

    @Test(arguments: families)
    func lossesAndNormsOfEachRecordAgree(family: String) throws {
        let problem = try Problem(family)
        problem.fixture.expectLossesAndNorms(
            of: problem.pass,
            [SmallModels.batch(problem.units)]
        )
    }

    @Test(arguments: families)
    func summedGradientAgrees(family: String) throws {
        let problem = try Problem(family)
        _ = problem.pass.measure(problem.units.map { SmallModels.batch([$0]) })
        let gradient = DecoderParameters(zeros: problem.parameters.configuration)
        problem.pass.addWeightedSum(factors: [1, 1, 1], into: gradient.values)
        for tensor in gradient.configuration.storedTensors {
            let values = gradient.storedValues(of: tensor, 0..<tensor.count)
            try problem.fixture.expectGradient(tensor.name, values)
        }
        #expect(gradient.configuration.storedTensors.count == problem.fixture.gradients.count)
    }
}
