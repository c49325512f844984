/// The checksum of HDF5's metadata: lookup3's `hashlittle` with the initial value 0 (Jenkins 2006;
/// HDF5 File Format Specification 3.0, appendix on checksums).
package enum HDF5Checksum {
    /// The checksum of some bytes.
    package static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
        var b = a
        var c = a
        guard !bytes.isEmpty else { return c }
        var start = bytes.startIndex
        func word(_ place: Int) -> UInt32 {
            var sum: UInt32 = 0
            for index in 0..<4 where start + place + index < bytes.endIndex {
                sum |= UInt32(bytes[start + place + index]) << UInt32(8 * index)
            }
            return sum
        }
        while bytes.endIndex - start > 12 {
            a &+= word(0)
            b &+= word(4)
            c &+= word(8)
            mix(&a, &b, &c)
            start += 12
        }
        a &+= word(0)
        b &+= word(4)
        c &+= word(8)
        finish(&a, &b, &c)
        return c
    }

    private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        for rotations in [(4, 6, 8), (16, 19, 4)] as [(UInt32, UInt32, UInt32)] {
            a = (a &- c) ^ rotated(c, rotations.0)
            c &+= b
            b = (b &- a) ^ rotated(a, rotations.1)
            a &+= c
            c = (c &- b) ^ rotated(b, rotations.2)
            b &+= a
        }
    }

    private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        c = (c ^ b) &- rotated(b, 14)
        a = (a ^ c) &- rotated(c, 11)
        b = (b ^ a) &- rotated(a, 25)
        c = (c ^ b) &- rotated(b, 16)
        a = (a ^ c) &- rotated(c, 4)
        b = (b ^ a) &- rotated(a, 14)
        c = (c ^ b) &- rotated(b, 24)
    }

    private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value << count | value >> (32 - count)
    }
}
