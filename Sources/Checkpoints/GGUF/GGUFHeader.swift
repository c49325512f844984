/// The checked header of a GGUF file: what is known of the model, and where its tensors lie.
///
/// Format: "GGUF", version 2 or 3, the numbers of tensors and of members, the members, the tensors'
/// descriptions, and from the next multiple of the alignment on their data; all little endian
/// (ggml's docs/gguf.md). Every count, length, type and offset is checked before a byte is used.
package struct GGUFHeader: Sendable {
    /// A value of a member.
    package enum Value: Sendable, Equatable {
        case integer(Int)
        case number(Double)
        case flag(Bool)
        case text([UInt8])
        case integers([Int])
        case texts([[UInt8]])
        /// A list of something else.
        case other
    }

    /// A tensor's description.
    package struct Tensor: Sendable, Equatable {
        /// llama.cpp's name, such as `blk.0.attn_q.weight`.
        package let name: String
        /// Outermost first, as in safetensors.
        package let shape: [Int]
        /// How its elements are stored.
        package let type: GGUFElementType
        /// The place of its first byte in the file.
        package let offset: Int
        /// How many elements it has.
        package var count: Int { shape.reduce(1, *) }
    }

    /// The members by their keys.
    package let members: [String: Value]
    /// The tensors in the order of the file.
    package let tensors: [Tensor]

    /// Limits of what is read: of members and tensors, of a key or name, of a text, of a list.
    static let (mostMembers, mostTensors, longestName, longestText, longestList) = (
        10_000, 10_000, 512, 1 << 20, 1 << 20
    )
    /// The longest header, in bytes.
    static let longest = 64 << 20

    /// Parses the beginning of a file.
    ///
    /// - Parameters:
    ///   - bytes: The file up to its end or `longest`.
    ///   - fileSize: The whole file's length.
    /// - Throws: `GGUFDefect`.
    package init(_ bytes: [UInt8], fileSize: Int) throws(GGUFDefect) {
        var cursor = GGUFCursor(bytes)
        guard try cursor.bytes(4) == Array("GGUF".utf8) else { throw .notGGUF }
        let version = try cursor.unsigned(4)
        guard version == 2 || version == 3 else { throw .version(version) }
        let tensorCount = try cursor.count(atMost: Self.mostTensors, of: "tensors")
        let memberCount = try cursor.count(atMost: Self.mostMembers, of: "members")
        var members: [String: Value] = [:]
        for _ in 0..<memberCount {
            let key = try cursor.name()
            guard members.updateValue(try cursor.value(), forKey: key) == nil else {
                throw .duplicate(key)
            }
        }
        var alignment = 32
        if let value = members["general.alignment"] {
            guard case .integer(let stated) = value, (8...65_536).contains(stated),
                stated & (stated - 1) == 0
            else { throw .alignment }
            alignment = stated
        }
        var described: [(name: String, shape: [Int], type: GGUFElementType, place: Int)] = []
        var names: Set<String> = []
        for _ in 0..<tensorCount {
            let tensor = try Self.tensor(&cursor)
            guard names.insert(tensor.name).inserted else { throw .duplicate(tensor.name) }
            described.append(tensor)
        }
        let start = (cursor.position + alignment - 1) / alignment * alignment
        self.members = members
        tensors = try Self.placed(described, from: start, alignment, fileSize)
    }

    private static func tensor(
        _ cursor: inout GGUFCursor
    ) throws(GGUFDefect) -> (name: String, shape: [Int], type: GGUFElementType, place: Int) {
        let name = try cursor.name()
        let dimensions = try cursor.unsigned(4)
        guard (1...4).contains(dimensions) else { throw .dimensions(tensor: name) }
        var shape: [Int] = []
        var count = 1
        for _ in 0..<dimensions {
            let size = try cursor.unsigned(8)
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(clamping: size))
            guard size > 0, !overflow, product < 1 << 40 else { throw .dimensions(tensor: name) }
            count = product
            shape.insert(Int(size), at: 0)
        }
        let code = try cursor.unsigned(4)
        guard let type = GGUFElementType(rawValue: Int(clamping: code)) else {
            throw .elementType(tensor: name, code: code)
        }
        guard (shape.last ?? 0) % type.blockLength == 0 else { throw .block(tensor: name) }
        let place = try cursor.unsigned(8)
        guard place < 1 << 48 else { throw .offset(tensor: name) }
        return (name, shape, type, Int(place))
    }

    /// Holds the tensors' places to the file: aligned, inside, and apart from one another.
    private static func placed(
        _ described: [(name: String, shape: [Int], type: GGUFElementType, place: Int)],
        from start: Int,
        _ alignment: Int,
        _ fileSize: Int
    ) throws(GGUFDefect) -> [Tensor] {
        var tensors: [Tensor] = []
        var ranges: [(range: Range<Int>, name: String)] = []
        for (name, shape, type, place) in described {
            let size = shape.reduce(1, *) / type.blockLength * type.blockSize
            let offset = start + place
            guard place % alignment == 0, offset + size <= fileSize else {
                throw .offset(tensor: name)
            }
            ranges.append((offset..<offset + size, name))
            tensors.append(Tensor(name: name, shape: shape, type: type, offset: offset))
        }
        ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(ranges, ranges.dropFirst())
        where first.range.upperBound > second.range.lowerBound {
            throw .offset(tensor: second.name)
        }
        return tensors
    }
}

/// Reads the pieces of a GGUF header in order.
private struct GGUFCursor {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func bytes(_ count: Int) throws(GGUFDefect) -> [UInt8] {
        guard count <= bytes.count - position else { throw .tooShort }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func unsigned(_ size: Int) throws(GGUFDefect) -> UInt64 {
        guard size <= bytes.count - position else { throw .tooShort }
        defer { position += size }
        return (0..<size).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
    }

    mutating func count(atMost limit: Int, of what: String) throws(GGUFDefect) -> Int {
        let count = try unsigned(8)
        guard count <= UInt64(limit) else { throw .tooMany(what, count: count, limit: limit) }
        return Int(count)
    }

    mutating func text() throws(GGUFDefect) -> [UInt8] {
        try bytes(try count(atMost: GGUFHeader.longestText, of: "bytes of a text"))
    }

    /// A key or a tensor's name: visible ASCII.
    mutating func name() throws(GGUFDefect) -> String {
        let length = try count(atMost: GGUFHeader.longestName, of: "bytes of a name")
        let name = try bytes(length)
        guard !name.isEmpty, name.allSatisfy({ (0x21..<0x7F).contains($0) }) else { throw .name }
        return String(decoding: name, as: UTF8.self)
    }

    mutating func value() throws(GGUFDefect) -> GGUFHeader.Value {
        let type = try unsigned(4)
        guard type == 9 else { return try scalar(type) }
        let element = try unsigned(4)
        guard element != 9 else { throw .valueType(element) }
        let count = try count(atMost: GGUFHeader.longestList, of: "elements of a list")
        var (integers, texts): ([Int], [[UInt8]]) = ([], [])
        for _ in 0..<count {
            switch try scalar(element) {
            case .integer(let integer): integers.append(integer)
            case .text(let text): texts.append(text)
            default: break
            }
        }
        if texts.count == count, element == 8 { return .texts(texts) }
        return integers.count == count ? .integers(integers) : .other
    }

    private mutating func scalar(_ type: UInt64) throws(GGUFDefect) -> GGUFHeader.Value {
        switch type {
        case 0: .integer(Int(try unsigned(1)))
        case 1: .integer(Int(Int8(truncatingIfNeeded: try unsigned(1))))
        case 2: .integer(Int(try unsigned(2)))
        case 3: .integer(Int(Int16(truncatingIfNeeded: try unsigned(2))))
        case 4: .integer(Int(try unsigned(4)))
        case 5: .integer(Int(Int32(truncatingIfNeeded: try unsigned(4))))
        case 6: .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try unsigned(4)))))
        case 7: try flag()
        case 8: .text(try text())
        case 10: .integer(Int(clamping: try unsigned(8)))
        case 11: .integer(Int(truncatingIfNeeded: try unsigned(8)))
        case 12: .number(Double(bitPattern: try unsigned(8)))
        default: throw .valueType(type)
        }
    }

    private mutating func flag() throws(GGUFDefect) -> GGUFHeader.Value {
        let byte = try unsigned(1)
        guard byte <= 1 else { throw .valueType(7) }
        return .flag(byte == 1)
    }
}

/// One case per way in which a GGUF header can be wrong.
package enum GGUFDefect: Error, Equatable, Sendable, CustomStringConvertible {
    case notGGUF
    case version(UInt64)
    case tooShort
    case tooMany(String, count: UInt64, limit: Int)
    case name
    case duplicate(String)
    case valueType(UInt64)
    case alignment
    case dimensions(tensor: String)
    case elementType(tensor: String, code: UInt64)
    case block(tensor: String)
    case offset(tensor: String)

    /// What is wrong, with the values.
    package var description: String {
        switch self {
        case .notGGUF: "it does not begin with GGUF"
        case .version(let version): "its version is \(version); 2 and 3 are read"
        case .tooShort: "it ends within its header"
        case .tooMany(let what, let count, let limit):
            "it claims \(count) \(what); the limit is \(limit)"
        case .name: "a name in its header is not of visible ASCII characters"
        case .duplicate(let name): "its header has \(name) twice"
        case .valueType(let type): "a value in its header has the type \(type), which is not read"
        case .alignment: "general.alignment is not a power of two in 8...65536"
        case .dimensions(let tensor): "tensor \(tensor) has a shape that cannot be"
        case .elementType(let tensor, let code):
            "tensor \(tensor) has elements of type \(code); read are F32, F16, BF16, Q8_0, Q4_0, "
                + "Q4_1, Q5_0, Q5_1, Q4_K, Q5_K and Q6_K"
        case .block(let tensor): "rows of tensor \(tensor) are not whole blocks"
        case .offset(let tensor):
            "tensor \(tensor) is not aligned, overlaps another or leaves the file"
        }
    }
}
