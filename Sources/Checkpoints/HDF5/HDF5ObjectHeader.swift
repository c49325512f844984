/// The messages of a version-2 object header.
///
/// HDF5 File Format Specification 3.0, IV.A.1.b and IV.A.2. Only kinds of message that checkpoints
/// consist of are allowed, none of them shared.
struct HDF5ObjectHeader {
    /// The kinds of message.
    enum Kind: UInt8 {
        case empty = 0x00
        case dataspace = 0x01
        case linkInfo = 0x02
        case datatype = 0x03
        case oldFillValue = 0x04
        case fillValue = 0x05
        case link = 0x06
        case externalFiles = 0x07
        case layout = 0x08
        case groupInfo = 0x0A
        case filters = 0x0B
        case attribute = 0x0C
        case continuation = 0x10
        case modificationTime = 0x12
        case attributeInfo = 0x15
        case references = 0x16
    }

    /// No header has more pieces than this.
    private static let mostPieces = 64
    /// Bytes before the first message at most.
    private static let longestPrefix = 34

    /// The messages in their order, continuations and empty ones left out.
    private(set) var messages: [(kind: Kind, body: ArraySlice<UInt8>)] = []
    private let source: HDF5Source

    /// Reads the header at an address.
    init(at address: UInt64, in source: HDF5Source) throws(CheckpointError) {
        self.source = source
        let left = address < UInt64(source.size) ? source.size - Int(address) : Self.longestPrefix
        let prefix = try source.bytes(at: address, count: min(Self.longestPrefix, left))
        var fixed = HDF5Cursor(prefix[...], source)
        guard try fixed.bytes(4).elementsEqual("OHDR".utf8) else {
            throw source.refused("there is no object header where one must be")
        }
        try fixed.expect(2, "the version of an object header")
        let flags = try fixed.small(1)
        guard flags & 0xC0 == 0 else {
            throw source.refused("an object header has unusual flags")
        }
        // Times of access and change, then limits for the storage of attributes.
        let optional = (flags & 0x20 == 0 ? 0 : 16) + (flags & 0x10 == 0 ? 0 : 4)
        _ = try fixed.bytes(optional)
        let width = 1 << (flags & 3)
        guard width <= 4 else { throw source.refused("an object header is too long") }
        let size = try fixed.small(width)
        let start = 6 + optional + width
        guard size <= HDF5Source.longestBlock - start - 4 else {
            throw source.refused("an object header is too long")
        }
        var block = try source.block("OHDR", at: address, count: start + size + 4)
        _ = try block.bytes(start - 4)
        var continuations = try add(block, hasOrder: flags & 0x04 != 0)
        var pieces = 1
        while let next = continuations.popLast() {
            pieces += 1
            guard pieces <= Self.mostPieces, next.length <= UInt64(HDF5Source.longestBlock) else {
                throw source.refused("an object header is too long")
            }
            let piece = try source.block("OCHK", at: next.address, count: Int(next.length))
            continuations += try add(piece, hasOrder: flags & 0x04 != 0)
        }
    }

    /// Adds the messages of a piece; returns where it goes on.
    private mutating func add(
        _ piece: HDF5Cursor,
        hasOrder: Bool
    ) throws(CheckpointError) -> [(address: UInt64, length: UInt64)] {
        var piece = piece
        var continuations: [(address: UInt64, length: UInt64)] = []
        while piece.count >= (hasOrder ? 6 : 4) {
            let number = UInt8(try piece.small(1))
            let size = try piece.small(2)
            let flags = try piece.small(1)
            if hasOrder { _ = try piece.bytes(2) }
            let body = try piece.bytes(size)
            guard let kind = Kind(rawValue: number) else {
                throw source.refused("an object header has a message of the kind \(number)")
            }
            guard flags & 0x02 == 0 else {
                throw source.refused("an object header has a shared message")
            }
            switch kind {
            case .empty: break
            case .continuation:
                var body = HDF5Cursor(body, source)
                continuations.append((try body.integer(8), try body.integer(8)))
            default: messages.append((kind, body))
            }
        }
        return continuations
    }

    /// The bodies of all messages of a kind.
    func all(_ kind: Kind) -> [HDF5Cursor] {
        messages.filter { $0.kind == kind }.map { HDF5Cursor($0.body, source) }
    }

    /// The body of the message of a kind, if there is exactly one.
    func only(_ kind: Kind) -> HDF5Cursor? {
        let found = all(kind)
        return found.count == 1 ? found[0] : nil
    }

    /// How many hard links lead to the object.
    func linkCount() throws(CheckpointError) -> Int {
        guard var body = all(.references).first else { return 1 }
        _ = try body.bytes(1)
        return try body.small(4)
    }

    /// How many attributes the object has; one that is stored apart counts as too many.
    func attributeCount() throws(CheckpointError) -> Int {
        for info in all(.attributeInfo) {
            var info = info
            _ = try info.bytes(1)
            if try info.small(1) & 0x01 != 0 { _ = try info.bytes(2) }
            guard try info.integer(8) == HDF5Cursor.undefined else { return .max }
        }
        return all(.attribute).count
    }
}
