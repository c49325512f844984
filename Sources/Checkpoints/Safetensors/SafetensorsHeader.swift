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
                    tensor: tensor.name, start: tensor.bytes.lowerBound, expected: end)
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
