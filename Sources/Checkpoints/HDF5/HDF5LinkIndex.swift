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
