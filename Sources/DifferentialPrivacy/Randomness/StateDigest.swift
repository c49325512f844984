import Cryptography
public import Kernels

/// H(parameters and optimizer state): equal bits give equal digests, whatever the thread count.
///
///     tag k = GMAC(key, nonce = k, floats of the k-th piece)          NIST SP 800-38D
///     state = SHA-256(lengths ‖ tag 0 ‖ tag 1 ‖ …)
///
/// It is taken before every step, over three numbers a parameter, so it must be quick: GMAC reads
/// about 10 GB/s a core where SHA-256 reads 1.2 (2026-11, AVX-512 machine). The key comes from the
/// run secret. For whoever does not know it, two different states collide with probability below
/// 2⁻¹¹⁰; whoever knows it can subtract the noise anyway. The tags themselves are never stored.
///
/// Bits are compared: 0 and −0 differ, and a NaN equals itself.
public struct StateDigest: Sendable {
    /// Floats in a piece; part of the definition.
    static let pieceLength = 1 << 18

    private let cipher: BlockCipher
    private let parallel: ParallelFor

    /// Digests with the threads of `parallel`.
    public init(secret: RunSecret, parallel: ParallelFor) {
        cipher = BlockCipher(
            key: secret.key.derived(salt: Array("dpscribe/state-digest/1".utf8))
        )
        self.parallel = parallel
    }

    /// The digest of the given buffers, in this order.
    public func callAsFunction(_ buffers: [FloatBuffer]) -> ContentDigest {
        var message: [UInt8] = []
        for buffer in buffers {
            message.appendBigEndian(UInt64(buffer.count))
            for tag in tags(of: buffer) { message.append(contentsOf: tag) }
        }
        return ContentDigest(bytes: SHA256.hash(message))
    }

    private func tags(of buffer: FloatBuffer) -> [[UInt8]] {
        let count = (buffer.count + Self.pieceLength - 1) / Self.pieceLength
        return parallel.map(count) { piece, _ in
            let start = piece * Self.pieceLength
            let range = start..<min(start + Self.pieceLength, buffer.count)
            return buffer.withSpan(range) { tag(of: $0, number: piece) }
        }
    }

    private func tag(of floats: Span<Float>, number: Int) -> [UInt8] {
        var nonce: [UInt8] = [0, 0, 0, 0]
        nonce.appendBigEndian(UInt64(number))
        return unsafe cipher.tag(of: floats.bytes, nonce: nonce)
    }
}
