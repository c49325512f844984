import DifferentialPrivacy
import Foundation
import Testing

/// Reads the committed reference values.
enum Fixture {
    static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let file = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}

/// One row of `rdp_quadrature.json`.
struct RDPQuadratureTable: Decodable {
    struct Row: Decodable {
        let probability: Double
        let noiseMultiplier: Double
        let order: Double
        let divergence: Double

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            probability = try values.decode(Double.self)
            noiseMultiplier = try values.decode(Double.self)
            order = try values.decode(Double.self)
            divergence = Double(try values.decode(String.self)) ?? .nan
        }
    }
    let rows: [Row]
}

/// One row of `reference_epsilons.json`.
struct ReferenceEpsilons: Decodable, CustomStringConvertible {
    struct Row: Decodable, CustomStringConvertible {
        let probability: Double
        let noiseMultiplier: Double
        let steps: Int
        let delta: Double
        let rdp: Double
        let pld: Double
        let optimisticPLD: Double?

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            probability = try values.decode(Double.self)
            noiseMultiplier = try values.decode(Double.self)
            steps = try values.decode(Int.self)
            delta = try values.decode(Double.self)
            rdp = try values.decode(Double.self)
            pld = try values.decode(Double.self)
            optimisticPLD = try values.decodeNil() ? nil : try values.decode(Double.self)
        }

        var event: PrivacyEvent {
            .training(
                noiseMultiplier: noiseMultiplier, samplingProbability: probability, steps: steps)
        }

        var description: String { "q \(probability) σ \(noiseMultiplier) T \(steps) δ \(delta)" }
    }
    let rows: [Row]
    var description: String { "\(rows.count) rows" }
}
