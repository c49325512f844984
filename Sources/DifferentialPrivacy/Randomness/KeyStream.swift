package import Cryptography
package import struct FoundationEssentials.Data

/// The endless sequence of uniform bytes that belongs to one key.
///
///     block i of lane l = AES-256(key, l ‖ i),  both 64 bits big-endian     NIST SP 800-38A, CTR
///
/// - Any part can be had without what comes before it, so what a coordinate receives does not
///   depend on threads, chunks or order.
/// - A lane holds 2⁶⁴ blocks of 16 bytes; different lanes and different keys never share a block.
package struct KeyStream: Sendable {
    /// Bytes in a block, the unit of addressing.
    package static let blockSize = 16
    /// 64-bit words in a block.
    package static let wordsPerBlock = 2

    private let cipher: BlockCipher
    private let lane: UInt64

    /// Opens lane `lane` of the stream of a 256-bit key.
    package init(key: SecretKey, lane: UInt64 = 0) {
        cipher = BlockCipher(key: key)
        self.lane = lane
    }

    /// The bytes of `count` blocks, from block `first` on.
    package func bytes(fromBlock first: UInt64, count: Int) -> Data {
        let zeros = [UInt8](repeating: 0, count: count * Self.blockSize)
        return bytes(fromBlock: first, masking: zeros)
    }

    /// The bytes of as many blocks as `zeros` has, which a loop may reuse to save filling it.
    package func bytes(fromBlock first: UInt64, masking zeros: [UInt8]) -> Data {
        var counter: [UInt8] = []
        counter.appendBigEndian(lane)
        counter.appendBigEndian(first)
        return Data(cipher.masked(zeros, counter: counter))
    }
}
