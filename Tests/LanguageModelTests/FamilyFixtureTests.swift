import Autograd
import Foundation
import Kernels
import Testing

@testable import LanguageModel

/// Values of transformers' Llama, Qwen2 and Qwen3 with the same weights; see
/// Fixtures/make_family_fixtures.py.
@Suite struct FamilyFixtureTests {
    private static let families = ["llama", "qwen2", "qwen3"]

    private struct Fixture: Decodable {
        let records: [[Int32]]
        let losses: [Double]
        let norms: [Double]
        let logits: [[Double]]
        let gradientStride: Int
        let gradients: [String: [Double]]
        let largest: [String: Double]
    }

    private struct Problem {
        let fixture: Fixture
        let parameters: DecoderParameters
        let pass: DecoderGradientPass
        let units: [[TokenBatch.Sequence]]

        init(_ family: String) throws {
            let url = try #require(
                Bundle.module.url(
                    forResource: family + "_reference",
                    withExtension: "json",
                    subdirectory: "Fixtures"
                )
            )
            let data = try Data(contentsOf: url)
            fixture = try JSONDecoder().decode(Fixture.self, from: data)
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            let config = try JSONSerialization.data(withJSONObject: try #require(object?["config"]))
            parameters = DecoderParameters(
                zeros: try DecoderConfiguration(huggingFaceJSON: Array(config))
            )
            var index: UInt32 = 0
            for tensor in parameters.configuration.storedTensors {
                let values = (0..<tensor.count).map { _ -> Float in
                    var bits = index &* 2_654_435_761 &+ 12_345
                    bits = (bits ^ (bits >> 15)) &* 2_246_822_519
                    index += 1
                    let one: Float = tensor.name.contains("norm") ? 1 : 0
                    return Float(Int(bits >> 15) - 65_536) / 262_144 + one
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
            units = fixture.records.map { [TokenBatch.Sequence(tokens: $0)] }
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
        let measured = problem.pass.measure([SmallModels.batch(problem.units)])
        for index in problem.fixture.records.indices {
            #expect(abs(measured.losses[index] - problem.fixture.losses[index]) < 1e-5)
            let norm = measured.squaredNorms[index].squareRoot()
            // The fixture's gradients are single precision.
            #expect(abs(norm - problem.fixture.norms[index]) < 1e-5 * problem.fixture.norms[index])
        }
    }

    @Test(arguments: families)
    func summedGradientAgrees(family: String) throws {
        let problem = try Problem(family)
        _ = problem.pass.measure(problem.units.map { SmallModels.batch([$0]) })
        let gradient = DecoderParameters(zeros: problem.parameters.configuration)
        problem.pass.addWeightedSum(factors: [1, 1, 1], into: gradient.values)
        for tensor in gradient.configuration.storedTensors {
            let expected = try #require(problem.fixture.gradients[tensor.name])
            let values = gradient.storedValues(of: tensor, 0..<tensor.count)
            // 1e-4 of the largest element of the parameter's gradient, as the contract says.
            let tolerance = 1e-4 * (problem.fixture.largest[tensor.name] ?? 0)
            for (index, value) in expected.enumerated() {
                let difference = abs(Double(values[index * problem.fixture.gradientStride]) - value)
                #expect(difference < tolerance, "\(tensor.name)")
            }
            #expect(expected.count == (values.count - 1) / problem.fixture.gradientStride + 1)
        }
        #expect(gradient.configuration.storedTensors.count == problem.fixture.gradients.count)
    }
}
