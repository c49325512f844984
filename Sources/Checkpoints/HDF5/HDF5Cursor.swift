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
