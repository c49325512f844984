import Checkpoints

/// Makes the checksums of a damaged HDF5 file fit again, so that the reader looks at the damage.
///
/// HDF5 File Format Specification 3.0: superblock 2 and 3 (II.A), version-2 object headers (IV.A.1.b),
/// version-2 B-trees (III.A.2) and fractal heaps (III.G).
enum HDF5Checksums {
    /// The same bytes with checksums of the blocks that are found by their signatures.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.count >= 48, bytes[8] == 2 || bytes[8] == 3 {
            write(of: 0..<44, to: &bytes)
            setEndOfFile(&bytes)
            write(of: 0..<44, to: &bytes)
        }
        let signatures: [(String, ([UInt8], Int) -> Int?)] = [
            ("OHDR", objectHeaderLength), ("BTHD", { _, _ in 34 }), ("FRHP", { _, _ in 142 }),
        ]
        guard bytes.count > 8 else { return bytes }
        for start in 0..<bytes.count - 8 {
            for (signature, length) in signatures
            where bytes[start..<start + 4].elementsEqual(signature.utf8) {
                guard let count = length(bytes, start), count > 0,
                    start + count + 4 <= bytes.count
                else { continue }
                write(of: start..<start + count, to: &bytes)
            }
        }
        return bytes
    }

    private static func setEndOfFile(_ bytes: inout [UInt8]) {
        for index in 0..<8 {
            bytes[28 + index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index))
        }
    }

    /// What lies before the checksum of a version-2 object header.
    private static func objectHeaderLength(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start + 6 < bytes.count else { return nil }
        let flags = bytes[start + 5]
        var place = start + 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        let width = 1 << Int(flags & 3)
        guard place + width <= bytes.count else { return nil }
        var size = 0
        for index in (0..<width).reversed() {
            guard size < 1 << 40 else { return nil }
            size = size << 8 | Int(bytes[place + index])
        }
        place += width
        return place - start + size
    }

    private static func write(of range: Range<Int>, to bytes: inout [UInt8]) {
        let sum = HDF5Checksum.of(bytes[range])
        for index in 0..<4 {
            bytes[range.upperBound + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index)))
        }
    }
}
