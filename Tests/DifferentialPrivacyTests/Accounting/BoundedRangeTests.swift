import Foundation
import Testing

@testable import DifferentialPrivacy
@testable import PrivacyVerification

@Suite struct BoundedRangeTests {
    /// ε by ρ-zCDP at the best real order.
    private static func concentrated(_ rho: Double, delta: Double) -> Double {
        (1...4000).map { 1 + exp(-6 + Double($0) * 0.004) }.reduce(Double.infinity) {
            min($0, RDPConversion.epsilon(divergence: rho * $1, order: $1, delta: delta))
        }
    }

    @Test(arguments: [1e-3, 0.1, 1, 5]) func oneChoiceHasAClosedForm(range: Double) throws {
        let curve = try BoundedRangeCurve(range: range, count: 1)
        for share in [-1, -0.5, 0, 0.125, 0.5, 0.9] {
            let epsilon = share * range
            let root = exp(range / 2) - exp(epsilon / 2)
            let exact = root * root / expm1(range)
            #expect(curve.delta(epsilon: epsilon) >= exact * (1 - 1e-14))
            #expect(curve.delta(epsilon: epsilon) <= exact + 2e-4 * range, "\(share)")
        }
        #expect(curve.delta(epsilon: range) == 0)
    }

    /// The second choice looks at the first: brute force over both.
    @Test(arguments: [0.2, 1, 4]) func twoChoicesAreTheWorstPair(range: Double) throws {
        let curve = try BoundedRangeCurve(range: range, count: 2)
        func one(_ epsilon: Double) -> Double {
            if epsilon >= range { return 0 }
            if epsilon <= -range { return -expm1(epsilon) }
            let root = exp(range / 2) - exp(epsilon / 2)
            return root * root / expm1(range)
        }
        for share in [0, 0.3, 1, 1.6] {
            let epsilon = share * range
            let worst =
                (0...20_000).map { step -> Double in
                    let t = range * Double(step) / 20_000
                    let gain = (exp(range) - exp(t)) / expm1(range)
                    return gain * one(epsilon - t) + (1 - gain) * one(epsilon - t + range)
                }.max() ?? 0
            let delta = curve.delta(epsilon: epsilon)
            #expect(delta >= worst * (1 - 1e-12) && delta <= worst + 2e-4 * range, "\(share)")
        }
    }

    /// Plain dynamic programming on a grid eight times as fine, which is a lower bound.
    @Test func agreesWithAFinerComputation() throws {
        struct Table: Decodable { let rows: [[Double]] }
        for row in try Fixture.load("bounded_range", as: Table.self).rows {
            let curve = try BoundedRangeCurve(range: row[0], count: Int(row[1]))
            let epsilon = curve.epsilon(delta: row[2])
            #expect(epsilon >= row[3] * (1 - 1e-5), "\(row) \(epsilon)")
            #expect(epsilon <= row[3] * 1.002, "\(row) \(epsilon)")
        }
    }

    /// Sequences of choices that exist on one side, a bound that is published on the other.
    @Test(arguments: [(0.05, 64), (0.21, 64), (0.5, 16), (2, 5), (0.1, 500)])
    func liesBetweenRandomisedResponseAndConcentratedPrivacy(range: Double, count: Int) throws {
        let event = PrivacyEvent.exponentials(range: range, count: count)
        for delta in [1e-3, 1e-6] {
            let bracket = try PLDAccountant().bracket(of: EventComposition(event), delta: delta)
            let rdp = try RDPAccountant().guarantee(of: event, delta: delta).epsilon
            let rho = Double(count) * range * range / 8
            let published = Self.concentrated(rho, delta: delta)
            #expect(bracket.lower <= bracket.upper && bracket.upper <= 1.001 * rdp)
            #expect(rdp <= published * 1.001 + 1e-3)
            let lower = BoundedRangeLoss(range: range)
                .leastEpsilon(count: count, meanShift: 0, delta: delta)
            #expect(lower >= bracket.lower - 1e-3 && lower <= bracket.upper)
            #expect(lower >= 0.97 * bracket.upper - 1e-3, "\(lower) \(bracket)")
        }
    }

    /// An exponential mechanism over three tokens, two in a row, as it is: every outcome counted.
    @Test func boundsARealMechanismOnATinyDomain() throws {
        let range = 0.8
        let curve = try BoundedRangeCurve(range: range, count: 2)
        // Scores without and with the record; the second token's depend on the first.
        func scores(_ first: Int?, _ joined: Bool) -> [Double] {
            let number = first.map { $0 + 1 } ?? 0
            let bases = [[0.0, 0.3, -0.2], [0.1, 0, 0.5], [0, -0.4, 0.2], [0.7, 0, 0]]
            let shifts = [[1.0, -1, 0.5], [-1, 1, 1], [1, 1, -1], [-1, -1, 1]]
            let (base, shift) = (bases[number], shifts[number])
            return zip(base, shift).map { $0 + (joined ? 0.5 * range * $1 : 0) }
        }
        func probabilities(_ joined: Bool) -> [Double] {
            func softmax(_ scores: [Double]) -> [Double] {
                let sum = scores.reduce(0) { $0 + exp($1) }
                return scores.map { exp($0) / sum }
            }
            return (0..<3).flatMap { first in
                softmax(scores(first, joined)).map { $0 * softmax(scores(nil, joined))[first] }
            }
        }
        for (here, there) in [(true, false), (false, true)] {
            let (p, q) = (probabilities(here), probabilities(there))
            for epsilon in stride(from: -1.0, through: 1.6, by: 0.1) {
                let hockeyStick = zip(p, q).reduce(0) { $0 + max(0, $1.0 - exp(epsilon) * $1.1) }
                #expect(hockeyStick <= curve.delta(epsilon: epsilon) + 1e-12)
            }
        }
    }

    @Test func divergencesAreThoseOfTheWorstPairOfOutcomes() {
        for range in [1e-4, 0.01, 0.3, 2, 20] {
            for order in [1.01, 1.5, 2, 8, 64, 1024] {
                let ours = BoundedRangeRDP.divergence(order: order, range: range)
                let other = BoundedRangeLoss(range: range).renyiDivergence(order: order)
                #expect(abs(ours - other) <= 1e-6 * other, "\(range) \(order)")
                #expect(ours <= order * range * range / 8)
            }
        }
    }

    /// Closed form of InvisibleInk: C = B·τ·√(2ρ/T), at N = 20,000, δ = 5e-6, T = 64, τ = 1.
    @Test(arguments: [
        (1.0, 0.0284, [0.12, 0.24, 0.48, 0.95]), (4, 0.352, [0.42, 0.84, 1.68, 3.36]),
        (8, 1.17, [0.76, 1.53, 3.06, 6.12]),
    ])
    func reproducesThePublishedClosedForm(epsilon: Double, rho: Double, clips: [Double]) throws {
        let published = Self.concentrated(rho, delta: 5e-6)
        #expect(abs(published / epsilon - 1) < 2e-3, "\(published)")
        for (batch, clip) in zip([4.0, 8, 16, 32], clips) {
            #expect(abs(batch * (2 * rho / 64).squareRoot() - clip) < 0.006)
        }
        // What the exact curve allows for: more, at the same ε.
        let solved = try NoiseCalibration(epsilon: epsilon, delta: 5e-6).solve {
            .exponentials(range: 1 / $0, count: 64)
        }
        // Measured: 1.080, 1.070 and 1.065.
        let gain = 1 / solved.noiseMultiplier / (8 * rho / 64).squareRoot()
        #expect(gain > 1.04 && gain < 1.2, "\(gain)")
        #expect(solved.guarantee.accountant == .pld)
    }

    /// With a noisy histogram and a training beside it, against parts alone and the second opinion.
    @Test func composesWithOtherReleases() throws {
        let choices = PrivacyEvent.exponentials(range: 0.2, count: 64)
        let others: [PrivacyEvent] = [
            .gaussian(noiseMultiplier: 8),
            .training(noiseMultiplier: 1.1, samplingProbability: 0.02, steps: 100),
        ]
        let delta = 1e-6
        let alone = try PrivacyAccounting.guarantee(of: choices, delta: delta)
        for other in others {
            let event = PrivacyEvent.composed([choices, other])
            let both = try PrivacyAccounting.guarantee(of: event, delta: delta)
            let bracket = try PLDAccountant().bracket(of: EventComposition(event), delta: delta)
            #expect(both.accountant == .pld && both.epsilon > alone.epsilon)
            #expect(bracket.lower > 0.93 * both.epsilon && bracket.lower < both.epsilon)
            #expect(try IndependentRecomputation.confirm(both, of: event).agrees)
            let half = PrivacyGuarantee(
                epsilon: 0.9 * both.epsilon,
                delta: delta,
                accountant: .pld
            )
            #expect(try !IndependentRecomputation.confirm(half, of: event).agrees)
        }
        let rdp = try PrivacyAccounting.guarantee(of: choices, delta: delta, accountant: .rdp)
        #expect(try IndependentRecomputation.confirm(rdp, of: choices).agrees)
    }

    @Test func answersAtTheEdges() throws {
        let (zero, some) = (PrivacyEvent.exponential(range: 0), PrivacyEvent.exponential(range: 1))
        #expect(try PrivacyAccounting.guarantee(of: zero, delta: 0).epsilon == 0)
        #expect(try PrivacyAccounting.guarantee(of: some, delta: 0).epsilon == .infinity)
        #expect(try PrivacyAccounting.guarantee(of: some, delta: 1e-9).epsilon <= 1)
        for range in [-1, .nan, .infinity] {
            #expect(throws: PrivacyError.self) { try EventComposition(.exponential(range: range)) }
        }
        #expect(throws: PrivacyError.self) {
            try EventComposition(.poissonSampled(probability: 0.5, some))
        }
        #expect(throws: PrivacyError.self) {
            try PrivacyAccounting.guarantee(of: some, delta: 1e-6, accountant: .gaussian)
        }
        // Too wide for a curve: Rényi divergences answer.
        let wide = PrivacyEvent.exponentials(range: 60, count: 3)
        #expect(try PrivacyAccounting.guarantee(of: wide, delta: 1e-6).accountant == .rdp)
        let coded = try JSONEncoder().encode(PrivacyEvent.exponentials(range: 0.25, count: 3))
        let decoded = try JSONDecoder().decode(PrivacyEvent.self, from: coded)
        #expect(decoded == .exponentials(range: 0.25, count: 3))
    }

    /// Several records in one batch widen the range; one user's other record does, too.
    @Test func groupsWidenTheRange() throws {
        let event = PrivacyEvent.exponentials(range: 0.1, count: 32)
        let wide = PrivacyEvent.exponentials(range: 0.2, count: 32)
        let expected = try PrivacyAccounting.guarantee(of: wide, delta: 1e-6).epsilon
        let group = try GroupPrivacy.guarantee(of: event, size: 2, delta: 1e-6)
        #expect(group.epsilon <= expected && group.epsilon > 0.9 * expected)
        #expect(try GroupRecomputation(event, size: 2).confirms(group))
    }
}
