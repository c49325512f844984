import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct SubsampledGaussianRDPTests {
    /// 500 random points against 60-digit quadrature; q from 9e-6 to 1, σ from 0.3 to 20.
    @Test func agreesWithQuadratureToNineDigits() throws {
        let table = try Fixture.load("rdp_quadrature", as: RDPQuadratureTable.self)
        #expect(table.rows.count == 500)
        for row in table.rows {
            let divergence = try SubsampledGaussianRDP.divergence(
                order: row.order, samplingProbability: row.probability,
                noiseMultiplier: row.noiseMultiplier)
            let error = abs(divergence / row.divergence - 1)
            #expect(error <= 1e-9, "\(row) gave \(divergence)")
        }
    }
}
