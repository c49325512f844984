/// The links of a group: in its header if they are few, else in a heap that a B-tree lists.
///
/// HDF5 File Format Specification 3.0, IV.A.2.c (link info) and IV.A.2.g (link).
struct HDF5Group {
    /// No group has more links.
    static let mostLinks = 10_000
    /// No name is longer, in bytes.
    static let longestName = 128

    /// The names and where their objects are, in the order of the names.
    let links: [(name: String, address: UInt64)]

    /// Reads all links; every one must be a hard link with a plain name of its own.
    init(_ header: HDF5ObjectHeader, in source: HDF5Source) throws(CheckpointError) {
        guard var info = header.only(.linkInfo) else {
            throw source.refused("a group without link info")
        }
        try info.expect(0, "the version of link info")
        if try info.small(1) & 0x01 != 0 { _ = try info.bytes(8) }
        let heapAddress = try info.integer(8)
        let indexAddress = try info.integer(8)
        var bodies = header.all(.link)
        if heapAddress != HDF5Cursor.undefined {
            var heap = try HDF5Heap(at: heapAddress, in: source)
            for identifier in try HDF5LinkIndex(at: indexAddress, in: source).heapIdentifiers {
                bodies.append(HDF5Cursor(try heap.object(identifier), source))
            }
        }
        guard bodies.count <= Self.mostLinks else {
            throw source.refused("a group with too many links")
        }
        var found: [(name: String, address: UInt64)] = []
        for body in bodies { found.append(try Self.link(body, source)) }
        guard Set(found.map(\.name)).count == found.count else {
            throw source.refused("a group has a name twice")
        }
        links = found.sorted { $0.name < $1.name }
    }

    private static func link(
        _ body: HDF5Cursor,
        _ source: HDF5Source
    ) throws(CheckpointError) -> (name: String, address: UInt64) {
        var body = body
        try body.expect(1, "the version of a link")
        let flags = try body.small(1)
        let kind = flags & 0x08 == 0 ? 0 : try body.small(1)
        guard kind == 0 else { throw source.refused("/: a link that is not a hard link") }
        if flags & 0x04 != 0 { _ = try body.bytes(8) }
        if flags & 0x10 != 0 { _ = try body.bytes(1) }
        let length = try body.integer(1 << (flags & 3))
        guard (1...UInt64(longestName)).contains(length) else {
            throw source.refused("/: a name too long")
        }
        let name = Array(try body.bytes(Int(length)))
        return (try checked(name, source), try body.integer(8))
    }

    /// Letters, digits, `_` and `.` only, so that a name can neither be a path nor drive a terminal.
    static func checked(_ name: [UInt8], _ source: HDF5Source) throws(CheckpointError) -> String {
        let isPlain = name.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard isPlain, name != [UInt8(ascii: ".")], !name.isEmpty else {
            throw source.refused("\(CheckpointError.printable(name)): an unexpected name")
        }
        return String(decoding: name, as: UTF8.self)
    }
}
