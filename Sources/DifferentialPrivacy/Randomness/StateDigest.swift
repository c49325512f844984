import Crypto
public import Kernels

/// H(parameters and optimizer state): equal bits give equal digests.
///
///     leaf k = SHA-256(floats of the k-th piece),  state = SHA-256(lengths ‖ leaf 0 ‖ leaf 1 ‖ …)
///
/// Pieces have a fixed size, so the digest does not depend on the number of threads. It compares
/// bits: 0 and −0 differ, and a NaN equals itself.
public struct StateDigest: Sendable {
    /// Floats in a piece: large enough to keep SHA-256 busy, small enough to share out.
    static let pieceLength = 1 << 18

    private let parallel: ParallelFor

    /// Digests with the threads of `parallel`.
    public init(parallel: ParallelFor) { self.parallel = parallel }

    /// The digest of the given buffers, in this order.
    public func callAsFunction(_ buffers: [FloatBuffer]) -> ContentDigest {
        var message: [UInt8] = []
        for buffer in buffers {
            message.appendBigEndian(UInt64(buffer.count))
            for leaf in leaves(of: buffer) { message.append(contentsOf: leaf) }
        }
        return ContentDigest(bytes: SHA256.hash(data: message))
    }

    private func leaves(of buffer: FloatBuffer) -> [[UInt8]] {
        let count = (buffer.count + Self.pieceLength - 1) / Self.pieceLength
        return parallel.map(count) { piece in
            let start = piece * Self.pieceLength
            let range = start..<min(start + Self.pieceLength, buffer.count)
            return buffer.withSpan(range) { span in
                var hash = SHA256()
                unsafe span.bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
                return Array(hash.finalize())
            }
        }
    }
}
