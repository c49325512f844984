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

/// The version-2 B-tree that lists a group's links by name.
///
/// HDF5 File Format Specification 3.0, III.A.2: header, internal nodes, leaves; records of type 5, a
/// hash of the name and the link's place in the heap. The hashes are not needed to read all links.
struct HDF5LinkIndex {
    private static let recordSize = 11
    /// Two levels of internal nodes hold more links than a group may have.
    private static let mostLevels = 2

    /// Where the links lie in the heap, 7 bytes each.
    private(set) var heapIdentifiers: [ArraySlice<UInt8>] = []
    private let source: HDF5Source
    private let nodeSize: Int

    init(at address: UInt64, in source: HDF5Source) throws(CheckpointError) {
        self.source = source
        var header = try source.block("BTHD", at: address, count: 38)
        try header.expect(0, "the version of a B-tree")
        try header.expect(5, "the type of a B-tree")
        nodeSize = try header.small(4)
        let recordSize = try header.small(2)
        let depth = try header.small(2)
        _ = try header.bytes(2)
        let root = try header.integer(8)
        let count = try header.small(2)
        let total = try header.integer(8)
        guard recordSize == Self.recordSize, depth <= Self.mostLevels,
            (64...HDF5Source.longestBlock).contains(nodeSize), total <= UInt64(HDF5Group.mostLinks)
        else { throw source.refused("a B-tree has an unusual shape") }
        if total > 0 { try read(root, count: count, depth: depth) }
        guard heapIdentifiers.count == Int(total) else {
            throw source.refused("a B-tree has another number of records than it says")
        }
    }

    private mutating func read(
        _ address: UInt64,
        count: Int,
        depth: Int
    ) throws(CheckpointError) {
        let pointerSize = depth == 0 ? 0 : 8 + countWidth + totalWidth(below: depth)
        let size = 10 + count * Self.recordSize + (depth == 0 ? 0 : (count + 1) * pointerSize)
        guard size <= nodeSize else { throw source.refused("a node of a B-tree is too full") }
        var node = try source.block(depth == 0 ? "BTLF" : "BTIN", at: address, count: size)
        try node.expect(0, "the version of a node")
        try node.expect(5, "the type of a node")
        for _ in 0..<count {
            _ = try node.bytes(4)
            heapIdentifiers.append(try node.bytes(7))
        }
        guard heapIdentifiers.count <= HDF5Group.mostLinks else {
            throw source.refused("a group with too many links")
        }
        guard depth > 0 else { return }
        for _ in 0...count {
            let child = try node.integer(8)
            let records = try node.small(countWidth)
            _ = try node.bytes(totalWidth(below: depth))
            try read(child, count: records, depth: depth - 1)
        }
    }

    /// Bytes of a node's own number of records.
    private var countWidth: Int { Self.width(of: leafLimit) }

    private var leafLimit: Int { (nodeSize - 10) / Self.recordSize }

    /// Bytes of the number of records in a child and below it; leaves need none.
    private func totalWidth(below depth: Int) -> Int {
        guard depth > 1 else { return 0 }
        let pointerSize = 8 + countWidth
        let limit = (nodeSize - 10 - pointerSize) / (Self.recordSize + pointerSize)
        return Self.width(of: (limit + 1) * leafLimit + limit)
    }

    /// The bytes that numbers up to `limit` take.
    private static func width(of limit: Int) -> Int {
        (Int.bitWidth - max(limit, 1).leadingZeroBitCount + 7) / 8
    }
}

/// A dataset found in a checkpoint, held to the rules of the file format.
struct HDF5Dataset: Equatable, Sendable {
    /// Group and name, such as `parameters/wte.weight`.
    let path: String
    /// Outermost dimension first.
    let shape: [Int]
    /// Where its values lie in the file.
    let bytes: Range<Int>
}
