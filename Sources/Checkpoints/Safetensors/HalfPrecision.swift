/// Conversions between Float32 and the two 16-bit formats.
enum HalfPrecision {
    /// IEEE binary16 to Float32, exact.
    ///
    /// The 15 bits below the sign, moved to Float32's places, are 2⁻¹¹² of the value, subnormals
    /// included; one exact multiplication restores them.
    static func convert(float16 bits: [UInt16], to values: inout [Float]) {
        for index in values.indices {
            let half = UInt32(bits[index])
            let magnitude = Float(bitPattern: (half & 0x7FFF) << 13) * 0x1p112
            let special: UInt32 = half & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
            values[index] = Float(
                bitPattern: magnitude.bitPattern | special | (half & 0x8000) << 16)
        }
    }

    /// bfloat16 to Float32, exact.
    static func convert(bfloat16 bits: [UInt16], to values: inout [Float]) {
        for index in values.indices {
            values[index] = Float(bitPattern: UInt32(bits[index]) << 16)
        }
    }

    /// Float32 to IEEE binary16, rounded to nearest, ties to even; beyond 65,504 infinite.
    static func float16Bits(of value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let magnitude = Float(bitPattern: bits & 0x7FFF_FFFF)
        if magnitude.isNaN { return sign | 0x7E00 }
        if magnitude >= 65_520 { return sign | 0x7C00 }
        if magnitude < 0x1p-14 {
            // Subnormal: units of 2⁻²⁴, rounded by Float's own rule.
            return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
        }
        let odd = (bits >> 13) & 1
        let rounded = (bits & 0x7FFF_FFFF) + 0xFFF + odd
        return sign | UInt16(truncatingIfNeeded: (rounded - (112 << 23)) >> 13)
    }

    /// Whether no value is infinite or NaN.
    static func areFinite(_ values: [Float]) -> Bool {
        var largest: UInt32 = 0
        for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
        return largest < 0x7F80_0000
    }
}
