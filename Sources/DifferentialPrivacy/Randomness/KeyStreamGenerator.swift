import FoundationEssentials
import Kernels

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
