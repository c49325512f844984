extension [UInt8] {
    /// Appends the eight bytes of `value`, the highest first.
    mutating func appendBigEndian(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    /// Appends a field that cannot run into its neighbours: its length, then its bytes.
    mutating func appendField(_ field: some Collection<UInt8>) {
        appendBigEndian(UInt64(field.count))
        append(contentsOf: field)
    }
}
