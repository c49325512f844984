import Testing

@testable import Checkpoints

@Suite struct HalfPrecisionTests {
    /// Every one of the 65,536 patterns, against the language's own Float16.
    @Test func readsEveryBinary16Exactly() {
        let bits = (0...UInt16.max).map { $0 }
        var values = [Float](repeating: 0, count: bits.count)
        HalfPrecision.convert(float16: bits, to: &values)
        let wrong = zip(bits, values).filter { bits, value in
            let expected = Float(Float16(bitPattern: bits))
            return expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern
        }
        #expect(wrong.isEmpty)
    }

    @Test func readsEveryBfloat16Exactly() {
        let bits: [UInt16] = [0, 0x8000, 0x3F80, 0xC049, 0x7F80, 0x0001]
        var values = [Float](repeating: 0, count: bits.count)
        HalfPrecision.convert(bfloat16: bits, to: &values)
        #expect(values == [0, -0, 1, -3.140625, .infinity, 0x1p-133])
    }

    /// A sweep over all exponents and the neighbours of every tie, against Float16.
    @Test func roundsToNearestEven() {
        var wrong = 0
        for pattern in stride(from: UInt32(0x3280_0000), to: 0x4790_0000, by: 0x0FFF) {
            for value in [Float(bitPattern: pattern), -Float(bitPattern: pattern)] {
                wrong += HalfPrecision.float16Bits(of: value) == Float16(value).bitPattern ? 0 : 1
            }
        }
        for half in stride(from: UInt16(0), to: 0x7BFF, by: 1) {
            let tie =
                (Float(Float16(bitPattern: half)) + Float(Float16(bitPattern: half + 1))) / 2
            for value in [tie.nextDown, tie, tie.nextUp] {
                wrong += HalfPrecision.float16Bits(of: value) == Float16(value).bitPattern ? 0 : 1
            }
        }
        #expect(wrong == 0)
        #expect(HalfPrecision.float16Bits(of: 65_519.996) == 0x7BFF)
        #expect(HalfPrecision.float16Bits(of: 65_520) == 0x7C00)
    }

    @Test func findsValuesThatAreNotFinite() {
        #expect(HalfPrecision.areFinite([0, -1, .greatestFiniteMagnitude]))
        #expect(!HalfPrecision.areFinite([0, -.infinity]))
        #expect(!HalfPrecision.areFinite([0, .nan]))
    }
}
