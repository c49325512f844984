import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct PLDAccountantTests {
    @Test func everyReferenceCaseIsBracketed() throws {
        let table = try Fixture.load("reference_epsilons", as: ReferenceEpsilons.self)
        #expect(table.rows.count == 60)
        let clock = ContinuousClock()
        for row in table.rows {
            let start = clock.now
            let (low, pld) = try PLDAccountant().bracket(of: EventComposition(row.event), delta: row.delta)
            let mid = clock.now
            let rdp = try RDPAccountant().guarantee(of: row.event, delta: row.delta)
            print(row, row.optimisticPLD ?? -1, low, pld, row.pld, row.rdp, rdp.epsilon, rdp.order ?? 0, mid - start, clock.now - mid)
            #expect(pld >= row.optimisticPLD.map { $0 - 1e-6 } ?? row.pld * 0.999 - 1e-3, "\(row)")
            #expect(pld <= row.pld * 1.001 + 1e-3, "\(row)")
            #expect(rdp.epsilon >= pld, "\(row)")
            #expect(rdp.epsilon <= row.rdp * (1 + 1e-6), "\(row)")
        }
    }
}
