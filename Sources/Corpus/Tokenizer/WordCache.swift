import Synchronization

/// A word cache that the copies of one tokenizer share.
final class SharedWordCache: Sendable {
    private let cache = Mutex(WordCache())

    /// Runs the body with the cache; while another thread has it, with a fresh one.
    func withCache(_ body: (inout WordCache) -> Void) {
        let done: Void? = cache.withLockIfAvailable { body(&$0) }
        guard done == nil else { return }
        var own = WordCache()
        body(&own)
    }
}

/// Remembers the tokens of short pieces, which repeat: most words of a text are among a few thousand.
///
/// Bounded: it keeps the first `capacity` pieces of at most `longestKey` bytes and takes no more, so
/// that it never grows with the text.
struct WordCache {
    /// The longest piece that is kept, in bytes.
    static let longestKey = 32
    private static let capacity = 1 << 15

    private struct Entry {
        var hash: UInt64 = 0
        var key = 0
        var keyCount: Int32 = 0
        var tokens = 0
        var tokenCount: Int32 = -1
    }

    private var entries = [Entry](repeating: Entry(), count: capacity * 2)
    private var keys: [UInt8] = []
    private var tokens: [Int32] = []
    private var count = 0

    /// FNV-1a over the piece, which is short.
    static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash ^ hash >> 29
    }

    private func slot(_ bytes: Span<UInt8>, _ range: Range<Int>, hash: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: hash) & (entries.count - 1)
        while entries[index].tokenCount >= 0, !isSame(entries[index], bytes, range, hash) {
            index = (index + 1) & (entries.count - 1)
        }
        return index
    }

    private func isSame(
        _ entry: Entry,
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ hash: UInt64
    ) -> Bool {
        guard entry.hash == hash, Int(entry.keyCount) == range.count else { return false }
        for offset in 0..<range.count
        where keys[entry.key + offset] != bytes[range.lowerBound + offset] {
            return false
        }
        return true
    }

    /// Appends the piece's tokens if they are known; false if not.
    func appendTokens(
        of bytes: Span<UInt8>,
        _ range: Range<Int>,
        hash: UInt64,
        to output: inout [Int32]
    ) -> Bool {
        let entry = entries[slot(bytes, range, hash: hash)]
        guard entry.tokenCount >= 0 else { return false }
        for offset in 0..<Int(entry.tokenCount) { output.append(tokens[entry.tokens + offset]) }
        return true
    }

    /// Keeps the tokens of a piece that is not known yet, while there is room.
    mutating func insert(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        hash: UInt64,
        tokens new: ArraySlice<Int32>
    ) {
        guard count < Self.capacity else { return }
        entries[slot(bytes, range, hash: hash)] = Entry(
            hash: hash,
            key: keys.count,
            keyCount: Int32(range.count),
            tokens: tokens.count,
            tokenCount: Int32(new.count)
        )
        for index in range { keys.append(bytes[index]) }
        tokens.append(contentsOf: new)
        count += 1
    }
}
