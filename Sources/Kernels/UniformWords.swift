/// Reads uniform random bytes as little-endian 64-bit words.
package enum UniformWords {
    /// All whole words of `bytes`.
    package static func words(of bytes: RawSpan) -> [UInt64] {
        let count = bytes.byteCount / 8
        return (0..<count).map { word(at: $0, of: bytes) }
    }

    /// Appends `first + i` to `indices` for every i < count whose word i is below `threshold`.
    package static func appendIndices(
        below threshold: UInt64,
        in bytes: RawSpan,
        count: Int,
        first: Int,
        to indices: inout [Int]
    ) {
        precondition(bytes.byteCount >= 8 * count, "\(bytes.byteCount) bytes for \(count) words")
        for index in 0..<count where word(at: index, of: bytes) < threshold {
            indices.append(first + index)
        }
    }

    @inline(__always)
    private static func word(at index: Int, of bytes: RawSpan) -> UInt64 {
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: 8 * index,
                as: UInt64.self
            )
        )
    }
}
