/// An HDF5 file to read from, and the errors that name it.
final class HDF5Source {
    /// No block of metadata is longer, in bytes.
    static let longestBlock = 1 << 20

    private let file: InputFile
    /// Where the file lies.
    var path: String { file.path }
    /// The file's length in bytes.
    var size: Int { file.size }

    init(path: String) throws(CheckpointError) { file = try InputFile(path) }

    /// The bytes at an address, all of them or an error.
    func bytes(at address: UInt64, count: Int) throws(CheckpointError) -> [UInt8] {
        guard count >= 0, count <= Self.longestBlock, address <= UInt64(size),
            count <= size - Int(address)
        else { throw refused("a block of metadata leaves the file") }
        var bytes = [UInt8](repeating: 0, count: count)
        try file.read(count, into: &bytes, at: Int(address))
        return bytes
    }

    /// A block that begins with `signature` and ends with its checksum, without that checksum.
    func block(
        _ signature: String,
        at address: UInt64,
        count: Int
    ) throws(CheckpointError) -> HDF5Cursor {
        let bytes = try bytes(at: address, count: count)
        guard count >= 8, bytes[0..<4].elementsEqual(signature.utf8) else {
            throw refused("there is no \(signature) where one must be")
        }
        var end = HDF5Cursor(bytes[(count - 4)...], self)
        guard try end.integer(4) == UInt64(HDF5Checksum.of(bytes[..<(count - 4)])) else {
            throw refused("the checksum of a \(signature) is wrong")
        }
        return HDF5Cursor(bytes[4..<(count - 4)], self)
    }

    /// Fills `values` from an offset that was checked before.
    func read(_ count: Int, into values: inout [Float], at offset: Int) throws(CheckpointError) {
        try file.read(count, into: &values, at: offset)
    }

    /// An error that says what is wrong with the file.
    func refused(_ problem: String) -> CheckpointError { .hdf5(path: path, problem: problem) }
}

/// Reads little-endian fields from a block of metadata, never beyond its end.
struct HDF5Cursor {
    private var rest: ArraySlice<UInt8>
    private let source: HDF5Source

    /// An address that points nowhere.
    static let undefined = UInt64.max

    init(_ bytes: ArraySlice<UInt8>, _ source: HDF5Source) {
        rest = bytes
        self.source = source
    }

    /// How many bytes are left.
    var count: Int { rest.count }

    /// The next bytes.
    mutating func bytes(_ count: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else {
            throw source.refused("a block of metadata ends too early")
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The next unsigned integer of at most 8 bytes.
    mutating func integer(_ width: Int) throws(CheckpointError) -> UInt64 {
        try bytes(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next unsigned integer of at most 4 bytes.
    mutating func small(_ width: Int) throws(CheckpointError) -> Int { Int(try integer(width)) }

    /// Throws unless the next byte is `value`.
    mutating func expect(_ value: UInt8, _ what: String) throws(CheckpointError) {
        let found = try small(1)
        guard found == Int(value) else {
            throw source.refused("\(what) is \(found) instead of \(value)")
        }
    }
}

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
