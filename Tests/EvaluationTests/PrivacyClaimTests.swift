import Testing

@testable import Evaluation

@Suite struct PrivacyClaimTests {
    private func claim(
        _ epsilon: Double = 8,
        unit: StatedTerm<PrivacyClaim.Unit> = .known(.record),
        relation: StatedTerm<PrivacyClaim.Relation> = .known(.addOrRemove),
        accountant: String = "pld"
    ) -> PrivacyClaim {
        PrivacyClaim(
            epsilon: epsilon,
            delta: 1e-6,
            unit: unit,
            relation: relation,
            accountant: accountant,
            source: .claimed
        )
    }

    @Test func equalClaimsDoNotDiffer() {
        #expect(claim().differences(from: claim(), named: "b").isEmpty)
        #expect(claim().otherAccountant(than: claim(), named: "b") == nil)
    }

    @Test func whatNeitherStatesIsADifference() {
        let vague = claim(unit: .unstated, relation: .unstated)
        #expect(
            vague.differences(from: vague, named: "b") == [
                "the privacy unit is not stated, neither here nor for b",
                "the relation is not stated, neither here nor for b",
            ]
        )
        #expect(
            vague.differences(from: claim(), named: "b").first
                == "the privacy unit is not stated, for b it is record"
        )
    }

    @Test func anotherAccountantIsToldApartButIsNoDifference() throws {
        let other = claim(accountant: "rdp")
        #expect(claim().differences(from: other, named: "b").isEmpty)
        let note = try #require(claim().otherAccountant(than: other, named: "b"))
        #expect(note.hasPrefix("the accountant is pld, for b it is rdp; each gives an upper bound"))
        let vague = claim(accountant: PrivacyClaim.unstated)
        #expect(vague.otherAccountant(than: vague, named: "b")?.contains("is not stated") == true)
    }

    @Test func withoutPrivacyNothingDiffers() {
        let open = claim(.infinity, unit: .unstated, accountant: "gaussian")
        #expect(open.differences(from: claim(.infinity, unit: .known(.user)), named: "b").isEmpty)
        #expect(open.otherAccountant(than: claim(), named: "b") == nil)
        #expect(open.differences(from: claim(), named: "b").count == 2)
    }

    @Test func severalClaimsAreCoveredByTheLargest() {
        var second = claim(7.9, unit: .known(.user))
        second.delta = 1e-5
        let all = PrivacyClaim.covering([claim(), second])
        #expect(
            all?.epsilon == 8 && all?.delta == 1e-5 && all?.unit == .varying
                && all?.unit.text == "differs by run"
        )
        #expect(PrivacyClaim.covering([]) == nil)
    }
}
