import DifferentialPrivacy
import Testing

@Suite struct BoundTextTests {
    @Test(arguments: [0, 0.1, 0.3, 1.0 / 3, 2.0 / 3, 7.99968, 7.99995, 0.000049, 123_456.70001])
    func neitherDirectionCrossesTheValue(value: Double) throws {
        let (up, down) = (BoundText.roundedUp(value), BoundText.roundedDown(value))
        #expect(try #require(Double(up)) >= value && #require(Double(down)) <= value)
        #expect(try abs(#require(Double(up)) - #require(Double(down))) < 1.01e-4)
    }

    @Test func decimalsThatAreExactStay() {
        #expect(BoundText.roundedUp(2.5, digits: 1) == "2.5")
        #expect(BoundText.roundedDown(0.3) == "0.3000")
        #expect(BoundText.roundedUp(.infinity) == "∞" && BoundText.roundedUp(.nan) == "unknown")
    }
}
