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

/// The messages of object headers as checkpoints have them, and the headers around them.
///
/// HDF5 File Format Specification 3.0, IV.A.2; sections are named with each.
enum HDF5Message {
    /// A message with its kind, size and flags in front.
    typealias Bytes = [UInt8]

    /// Little-endian IEEE binary32 (IV.A.2.d).
    static let float32: [UInt8] = [
        0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 0x20, 0, 0x17, 8, 0, 0x17, 0x7F, 0, 0, 0,
    ]
    /// Little-endian signed 64-bit integer (IV.A.2.d).
    static let int64: [UInt8] = [0x10, 8, 0, 0, 8, 0, 0, 0, 0, 0, 0x40, 0]
    /// A dataspace of a single value (IV.A.2.b, version 2).
    private static let scalar: [UInt8] = [2, 0, 0, 0]

    /// What makes an object a group: links in its header, no heap (IV.A.2.c), usual limits (IV.A.2.k).
    static let group: [Bytes] = [
        message(.linkInfo, [0, 0] + integer(HDF5Cursor.undefined) + integer(HDF5Cursor.undefined)),
        message(.groupInfo, [0, 0]),
    ]

    /// Attributes in the header, none in a heap (IV.A.2.v): libhdf5 counts none without it.
    static let attributeInfo = message(
        .attributeInfo,
        [0, 0] + integer(HDF5Cursor.undefined) + integer(HDF5Cursor.undefined)
    )

    /// A hard link (IV.A.2.g); the name has 1 to 255 ASCII bytes.
    static func link(_ name: String, to address: Int) -> Bytes {
        let name = Array(name.utf8)
        precondition((1...255).contains(name.count), "a name of \(name.count) bytes")
        return message(.link, [1, 0, UInt8(name.count)] + name + integer(UInt64(address)))
    }

    /// Shape, type, fill value and place of a contiguous dataset of Float32.
    static func dataset(_ shape: [Int], at address: Int) -> [Bytes] {
        precondition((1...8).contains(shape.count), "\(shape.count) dimensions")
        return [
            // IV.A.2.b, version 2: a simple space that cannot grow.
            message(
                .dataspace,
                [2, UInt8(shape.count), 0, 1] + shape.flatMap { integer(UInt64($0)) }
            ),
            message(.datatype, float32),
            // IV.A.2.f, version 3: space is allocated late, a fill value is never written.
            message(.fillValue, [3, 0x06]),
            // IV.A.2.i, version 3, contiguous.
            message(.layout, [3, 1] + integer(UInt64(address)) + integer(UInt64(size(of: shape)))),
        ]
    }

    /// Bytes of the values of a dataset.
    static func size(of shape: [Int]) -> Int {
        shape.reduce(MemoryLayout<Float>.size, *)
    }

    /// An attribute (IV.A.2.m, version 3): a 64-bit integer, or UTF-8 padded with zeros.
    static func attribute(_ name: String, _ value: HDF5Metadata.Value) -> Bytes {
        let (type, content): ([UInt8], [UInt8])
        switch value {
        case .integer(let number):
            (type, content) = (int64, integer(UInt64(bitPattern: Int64(number))))
        case .text(let text):
            content = text.isEmpty ? [0] : Array(text.utf8)
            type = [0x13, 0x11, 0, 0] + integer(UInt64(content.count), 4)
        }
        let name = Array(name.utf8) + [0]
        let lengths = [name.count, type.count, scalar.count].flatMap { integer(UInt64($0), 2) }
        return message(.attribute, [3, 0] + lengths + [0] + name + type + scalar + content)
    }

    /// A version-2 object header of one piece, with its checksum (IV.A.1.b).
    static func header(_ messages: [Bytes]) -> [UInt8] {
        let body = messages.joined()
        let bytes = Array("OHDR".utf8) + [2, 0x02] + integer(UInt64(body.count), 4) + body
        return bytes + integer(UInt64(HDF5Checksum.of(bytes[...])), 4)
    }

    /// A number in little endian.
    static func integer(_ value: UInt64, _ width: Int = 8) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private static func message(_ kind: HDF5ObjectHeader.Kind, _ body: [UInt8]) -> Bytes {
        precondition(body.count < 1 << 16, "a message of \(body.count) bytes")
        return [kind.rawValue] + integer(UInt64(body.count), 2) + [0] + body
    }
}
