/// The fractal heap of a group with many links.
///
/// HDF5 File Format Specification 3.0, III.G. Its linear space is cut into direct blocks, which one
/// root block lists when there are several: rows of `width` blocks, the first two rows of the starting
/// size, each further row of twice the size of the row before.
struct HDF5Heap {
    private static let offsetWidth = 4

    private let source: HDF5Source
    private let address: UInt64
    private let width: Int
    private let startingSize: Int
    private let rowCount: Int
    /// The addresses of the direct blocks, in the order of their offsets.
    private let blocks: [UInt64]
    /// Blocks that were read and checked, by their number.
    private var checked: [Int: [UInt8]] = [:]

    init(at address: UInt64, in source: HDF5Source) throws(CheckpointError) {
        self.source = source
        self.address = address
        var header = try source.block("FRHP", at: address, count: 146)
        try header.expect(0, "the version of a heap")
        let identifierSize = try header.small(2)
        let filterSize = try header.small(2)
        let flags = try header.small(1)
        _ = try header.bytes(4 + 12 * 8)
        width = try header.small(2)
        let starting = try header.integer(8)
        let largest = try header.integer(8)
        let bits = try header.small(2)
        _ = try header.bytes(2)
        let root = try header.integer(8)
        rowCount = try header.small(2)
        guard identifierSize == 7, filterSize == 0, flags == 2, bits == 8 * Self.offsetWidth,
            (1...64).contains(width), (64...1 << 16).contains(starting), largest <= 1 << 20,
            rowCount <= 8
        else { throw source.refused("a heap has an unusual shape") }
        startingSize = Int(starting)
        guard rowCount == 0 || startingSize << max(0, rowCount - 2) <= Int(largest) else {
            throw source.refused("a heap has an unusual shape")
        }
        guard rowCount > 0 else {
            blocks = [root]
            return
        }
        let count = rowCount * width
        var table = try source.block(
            "FHIB",
            at: root,
            count: 4 + 1 + 8 + Self.offsetWidth + 8 * count + 4
        )
        try table.expect(0, "the version of a heap's root")
        guard try table.integer(8) == address, try table.integer(Self.offsetWidth) == 0 else {
            throw source.refused("a heap's root belongs to another")
        }
        var addresses: [UInt64] = []
        for _ in 0..<count { addresses.append(try table.integer(8)) }
        blocks = addresses
    }

    /// The object that 7 bytes of an index name.
    mutating func object(_ identifier: ArraySlice<UInt8>) throws(CheckpointError) -> ArraySlice<
        UInt8
    > {
        var fields = HDF5Cursor(identifier, source)
        try fields.expect(0, "the kind of a heap's object")
        let offset = try fields.small(Self.offsetWidth)
        let length = try fields.small(2)
        let (number, start, size) = place(of: offset)
        guard blocks.indices.contains(number), blocks[number] != HDF5Cursor.undefined else {
            throw source.refused("a heap has no block where an object must be")
        }
        let block = try block(number, start: start, size: size)
        let first = offset - start
        guard first >= Self.blockHeaderSize, first + length <= size else {
            throw source.refused("a heap's object leaves its block")
        }
        return block[first..<first + length]
    }

    private mutating func block(
        _ number: Int,
        start: Int,
        size: Int
    ) throws(CheckpointError) -> [UInt8] {
        if let block = checked[number] { return block }
        let block = try source.bytes(at: blocks[number], count: size)
        try check(block, start: start)
        checked[number] = block
        return block
    }

    /// The block that an offset lies in: its number, its own offset, its size.
    private func place(of offset: Int) -> (number: Int, start: Int, size: Int) {
        guard rowCount > 0 else { return (offset < startingSize ? 0 : -1, 0, startingSize) }
        var row = 0
        var rowStart = 0
        var size = startingSize
        while offset >= rowStart + width * size {
            rowStart += width * size
            row += 1
            if row > 1 { size *= 2 }
            if row >= rowCount { return (-1, 0, 0) }
        }
        let column = (offset - rowStart) / size
        return (row * width + column, rowStart + column * size, size)
    }

    private static let blockHeaderSize = 4 + 1 + 8 + offsetWidth + 4

    private func check(_ block: [UInt8], start: Int) throws(CheckpointError) {
        var fields = HDF5Cursor(block[...], source)
        guard try fields.bytes(4).elementsEqual("FHDB".utf8), try fields.small(1) == 0,
            try fields.integer(8) == address, try fields.integer(Self.offsetWidth) == start
        else { throw source.refused("a block of a heap belongs to another") }
        let checksum = try fields.integer(4)
        var plain = block
        for place in Self.blockHeaderSize - 4..<Self.blockHeaderSize { plain[place] = 0 }
        guard checksum == UInt64(HDF5Checksum.of(plain[...])) else {
            throw source.refused("the checksum of a block of a heap is wrong")
        }
    }
}
