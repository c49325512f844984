import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct RDPAccountantTests {
    private static let opacusOrders =
        (11...109).map { Double($0) / 10 } + (12...63).map { Double($0) }

    /// Opacus 1.5's test of its own grid, confirmed by quadrature at order 3.9.
    @Test func reproducesOpacusOnItsGrid() throws {
        let found = try RDPAccountant(orders: Self.opacusOrders).guarantee(
            of: .training(noiseMultiplier: 1.5, samplingProbability: 0.04, steps: 2250),
            delta: 1e-5
        )
        #expect(abs(found.epsilon - 7.32911117143) <= 1e-9 && found.order == 3.9)
    }

    /// dp_accounting 0.6.0: one Gaussian whose σ was solved for epsilon 1, on its grid.
    @Test func reproducesOneGaussian() throws {
        let found = try RDPAccountant(orders: Self.opacusOrders + [11, 128, 256, 512, 1024])
            .guarantee(of: .gaussian(noiseMultiplier: 4.530877117), delta: 1e-6)
        #expect(abs(found.epsilon - 1) <= 1e-6)
    }

    /// dp_accounting 0.6.0: a divergence of 1.1 at every order from 2 to 32.
    @Test func convertsAConstantDivergence() {
        let epsilons = (2...32).map {
            RDPConversion.epsilon(divergence: 1.1, order: Double($0), delta: 1e-5)
        }
        #expect(abs((epsilons.min() ?? 0) - 1.32783806176) <= 1e-10)
        #expect(epsilons.last == epsilons.min())
    }

    /// Fifty steps, q 0.01, σ 2.5. Integer orders by dp_accounting 0.6.0; fractional ones, where it
    /// drops signs, by quadrature.
    @Test(arguments: [
        (1.5, 6.50070897e-4), (2.5, 1.08541806e-3), (5, 2.18075656e-3), (50, 2.38460375e-2),
        (100, 1.67416308e2),
    ])
    func divergencesAreThePublishedOnes(order: Double, expected: Double) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: 2.5,
            samplingProbability: 0.01,
            steps: 50
        )
        let found = try RDPAccountant.standard.divergence(
            of: EventComposition(event),
            order: order
        )
        // Nine digits are published.
        #expect(abs(found / expected - 1) <= 5e-9)
    }
}
