import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct IndependentRecomputationTests {
    @Test func confirmsEveryReferenceCase() throws {
        let table = try Fixture.load("reference_epsilons", as: ReferenceEpsilons.self)
        let clock = ContinuousClock()
        for row in table.rows {
            let rdp = try RDPAccountant().guarantee(of: row.event, delta: row.delta)
            let pld = try PLDAccountant().guarantee(of: row.event, delta: row.delta)
            let start = clock.now
            let a = try IndependentRecomputation.confirm(rdp, of: row.event)
            let t = clock.now - start
            let b = try IndependentRecomputation.confirm(pld, of: row.event)
            print(row, rdp.epsilon, a.rdpEpsilon / rdp.epsilon - 1, pld.epsilon, a.lowerBound, a.upperBound, t)
            #expect(a.agrees && b.agrees)
        }
    }
}
