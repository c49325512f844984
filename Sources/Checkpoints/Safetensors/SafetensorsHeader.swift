/// The header of a safetensors file, every rule of the format checked.
///
/// - Names are unique, at most 256 bytes; at most 10,000 tensors of at most 8 dimensions.
/// - Shape × element size is exactly the span of the offsets, computed without overflow.
/// - Sorted by offset, the tensors cover the data from its first to its last byte, without
///   overlap or hole; nothing follows.
///
/// Format: huggingface/safetensors, README, "Format".
public struct SafetensorsHeader: Equatable, Sendable {
    /// Longest header, in bytes; GPT-2's largest need 30 KiB.
    public static let longest = 1 << 20
    /// Most tensors.
    public static let mostTensors = 10_000
    /// Longest name, in bytes of UTF-8.
    public static let longestName = 256
    /// Most dimensions of a tensor.
    public static let mostDimensions = 8

    /// The tensors, in the order of their bytes.
    public let tensors: [SafetensorsTensor]
    /// Free text beside the tensors, `__metadata__`.
    public let metadata: [String: String]

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - json: The header's bytes, without the length before them.
    ///   - dataLength: The number of bytes after the header.
    /// - Throws: The first `SafetensorsDefect` found.
    public init(json: [UInt8], dataLength: Int) throws(SafetensorsDefect) {
        guard json.first == UInt8(ascii: "{") else { throw .headerNotObject }
        guard String(validating: json, as: UTF8.self) != nil else { throw .headerNotUTF8 }
        var parser = SafetensorsHeaderParser(json)
        var found = try parser.parse()
        found.tensors.sort {
            ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
                < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
        }
        var end = 0
        for tensor in found.tensors {
            guard tensor.bytes.upperBound <= dataLength else {
                throw .offsetsOutOfRange(tensor: tensor.name)
            }
            guard tensor.bytes.lowerBound == end else {
                throw .offsetsNotContiguous(
                    tensor: tensor.name,
                    start: tensor.bytes.lowerBound,
                    expected: end
                )
            }
            end = tensor.bytes.upperBound
        }
        guard end == dataLength else {
            throw .dataLength(described: end, present: dataLength)
        }
        tensors = found.tensors
        metadata = found.metadata
    }
}

/// One case per way in which a safetensors file can be wrong.
public enum SafetensorsDefect: Error, Equatable, Sendable, CustomStringConvertible {
    /// Fewer than 8 bytes: no header length.
    case tooShort(bytes: Int)
    /// The header is longer than the limit.
    case headerTooLarge(bytes: UInt64, limit: Int)
    /// The header ends beyond the end of the file.
    case headerBeyondFile(headerBytes: Int, fileBytes: Int)
    /// The header does not begin with `{`.
    case headerNotObject
    /// The header is not UTF-8.
    case headerNotUTF8
    /// The header is not JSON of the format's shape; the position is in bytes from its start.
    case headerSyntax(position: Int, expected: String)
    /// Two tensors, or two keys of one tensor, have the same name.
    case duplicateKey(String)
    /// The header names more tensors than the limit.
    case tooManyTensors(limit: Int)
    /// A tensor's name is longer than the limit, in bytes.
    case nameTooLong(bytes: Int, limit: Int)
    /// A tensor has more dimensions than the limit.
    case tooManyDimensions(tensor: String, limit: Int)
    /// An element type that the format does not know.
    case unknownElementType(tensor: String, found: String)
    /// A key of a tensor's description is missing.
    case missingKey(tensor: String, key: String)
    /// The product of a shape, or its size in bytes, overflows.
    case sizeOverflow(tensor: String)
    /// Shape and element type need another number of bytes than the offsets span.
    case sizeMismatch(tensor: String, needed: Int, spanned: Int)
    /// Offsets run backwards or leave the file.
    case offsetsOutOfRange(tensor: String)
    /// A tensor does not start where the one before it ends: an overlap or a hole.
    case offsetsNotContiguous(tensor: String, start: Int, expected: Int)
    /// Bytes after the last tensor, or missing before its end.
    case dataLength(described: Int, present: Int)

    /// What is wrong, with the values.
    public var description: String {
        switch self {
        case .tooShort(let bytes): "\(bytes) bytes are too few for a header length"
        case .headerTooLarge(let bytes, let limit):
            "its header claims \(bytes) bytes; the limit is \(limit)"
        case .headerBeyondFile(let header, let file):
            "its header claims \(header) bytes but the file has \(file)"
        case .headerNotObject: "its header does not begin with {"
        case .headerNotUTF8: "its header is not UTF-8"
        case .headerSyntax(let position, let expected):
            "its header has an error at byte \(position): expected \(expected)"
        case .duplicateKey(let name): "its header has the key \"\(name)\" twice"
        case .tooManyTensors(let limit): "it has more than \(limit) tensors"
        case .nameTooLong(let bytes, let limit):
            "a tensor's name has \(bytes) bytes; the limit is \(limit)"
        case .tooManyDimensions(let tensor, let limit):
            "tensor \(tensor) has more than \(limit) dimensions"
        case .unknownElementType(let tensor, let found):
            "tensor \(tensor) has the unknown element type \(found)"
        case .missingKey(let tensor, let key): "tensor \(tensor) has no \"\(key)\""
        case .sizeOverflow(let tensor): "the size of tensor \(tensor) overflows"
        case .sizeMismatch(let tensor, let needed, let spanned):
            "tensor \(tensor) needs \(needed) bytes but its offsets span \(spanned)"
        case .offsetsOutOfRange(let tensor): "the offsets of tensor \(tensor) leave the file"
        case .offsetsNotContiguous(let tensor, let start, let expected):
            "tensor \(tensor) starts at byte \(start) instead of \(expected)"
        case .dataLength(let described, let present):
            "its tensors describe \(described) bytes of data but \(present) are there"
        }
    }
}
