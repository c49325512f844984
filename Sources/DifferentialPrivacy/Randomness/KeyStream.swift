package import Cryptography
package import FoundationEssentials
import Kernels

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

/// Consecutive 64-bit words of a key stream, for code that takes a random number generator:
/// initialisation, dropout, decoding, rejection sampling.
package struct KeyStreamGenerator: RandomNumberGenerator, Sendable {
    private let stream: KeyStream
    private let zeros: [UInt8]
    private var nextBlock: UInt64 = 0
    private var words: [UInt64] = []
    private var position = 0

    /// Starts at the first word of `stream` and makes `bufferedBlocks` 16-byte blocks at a time.
    package init(_ stream: KeyStream, bufferedBlocks: Int = 256) {
        self.stream = stream
        zeros = [UInt8](repeating: 0, count: bufferedBlocks * KeyStream.blockSize)
    }

    /// The next word, uniform over all 64 bits.
    package mutating func next() -> UInt64 {
        if position == words.count {
            words = UniformWords.words(
                of: stream.bytes(fromBlock: nextBlock, masking: zeros).bytes
            )
            nextBlock += UInt64(zeros.count / KeyStream.blockSize)
            position = 0
        }
        defer { position += 1 }
        return words[position]
    }
}

/// What a stream of random numbers is for; streams of different purposes are independent.
public enum RandomnessPurpose: String, Sendable, CaseIterable {
    /// Who takes part in a step.
    case sampling
    /// The noise of a mechanism.
    case noise
    /// Fresh parameters, such as LoRA's.
    case initialization
    /// Dropout masks.
    case dropout
    /// Drawing text.
    case decoding
}
