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
