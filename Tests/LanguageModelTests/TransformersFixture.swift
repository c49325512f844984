import Foundation
import LanguageModel
import Testing

/// What transformers computes of three records with weights that both sides make; see the scripts in Fixtures.
struct TransformersFixture: Decodable {
    let records: [[Int32]]
    let losses: [Double]
    let norms: [Double]
    let logits: [[Double]]
    let gradientStride: Int
    let gradients: [String: [Double]]
    let largest: [String: Double]

    /// The records, one a unit.
    var units: [[TokenBatch.Sequence]] { records.map { [TokenBatch.Sequence(tokens: $0)] } }

    /// The bytes of a family's fixture.
    static func contents(_ family: String) throws -> Data {
        let url = try #require(
            Bundle.module.url(
                forResource: family + "_reference",
                withExtension: "json",
                subdirectory: "Fixtures"
            )
        )
        return try Data(contentsOf: url)
    }

    /// Weight number `index`, in [−¼, ¼).
    static func weight(_ index: UInt32) -> Float {
        var bits = index &* 2_654_435_761 &+ 12_345
        bits = (bits ^ (bits >> 15)) &* 2_246_822_519
        return Float(Int(bits >> 15) - 65_536) / 262_144
    }

    func expectLossesAndNorms(of pass: DecoderGradientPass, _ shards: [TokenBatch]) {
        let measured = pass.measure(shards)
        for index in records.indices {
            #expect(abs(measured.losses[index] - losses[index]) < 1e-5)
            let norm = measured.squaredNorms[index].squareRoot()
            // The fixture's gradients are single precision.
            #expect(abs(norm - norms[index]) < 1e-5 * norms[index])
        }
    }

    func expectGradient(_ name: String, _ values: [Float]) throws {
        let expected = try #require(gradients[name])
        // 1e-4 of the largest element of the parameter's gradient, as the contract says.
        let tolerance = 1e-4 * (largest[name] ?? 0)
        for (index, value) in expected.enumerated() {
            let difference = abs(Double(values[index * gradientStride]) - value)
            #expect(difference < tolerance, "\(name)")
        }
        #expect(expected.count == (values.count - 1) / gradientStride + 1)
    }
}
