/// The inner loop of `BytePairTrainer`: words as token ids, and pair counts kept up to date.
///
/// Each merge touches only the words that hold the pair, and a heap with lazily corrected counts gives
/// the next pair, so that a merge costs as much as its occurrences, not as the text.
struct MergeLearner {
    private struct Pair: Hashable {
        let left: Int32
        let right: Int32
    }

    /// Ordered so that the smallest is the next to merge: most frequent, then smallest ids.
    private struct Candidate: Comparable {
        let count: Int
        let pair: Pair

        static func < (a: Candidate, b: Candidate) -> Bool {
            if a.count != b.count { return a.count > b.count }
            if a.pair.left != b.pair.left { return a.pair.left < b.pair.left }
            return a.pair.right < b.pair.right
        }
    }

    /// The merges so far, most frequent first.
    private(set) var merges: [(left: Int32, right: Int32)] = []
    /// The bytes of each token: 256 bytes in GPT-2's order, then one token a merge.
    private(set) var tokens: [[UInt8]] = ByteAlphabet.bytes.map { [$0] }

    private var words: [[Int32]] = []
    private var frequencies: [Int] = []
    private var pairCounts: [Pair: Int] = [:]
    private var occurrences: [Pair: Set<Int32>] = [:]
    private var heap = MinimumHeap<Candidate>()

    /// Prepares to learn from words and their frequencies.
    init(words counted: [(piece: [UInt8], count: Int)]) {
        var idOfByte = [Int32](repeating: 0, count: 256)
        for (id, byte) in ByteAlphabet.bytes.enumerated() { idOfByte[Int(byte)] = Int32(id) }
        for (piece, count) in counted where piece.count > 1 {
            let word = Int32(words.count)
            words.append(piece.map { idOfByte[Int($0)] })
            frequencies.append(count)
            for pair in Self.pairs(words[Int(word)]) {
                pairCounts[pair, default: 0] += count
                occurrences[pair, default: []].insert(word)
            }
        }
        for (pair, count) in pairCounts { heap.push(Candidate(count: count, pair: pair)) }
    }

    private static func pairs(_ word: [Int32]) -> [Pair] {
        word.indices.dropLast().map { Pair(left: word[$0], right: word[$0 + 1]) }
    }

    /// Learns until there are that many new tokens or no pair is frequent enough.
    mutating func learn(upTo count: Int, minimumFrequency: Int) {
        var ids: [[UInt8]: Int32] = [:]
        for (id, token) in tokens.enumerated() { ids[token] = Int32(id) }
        while tokens.count < 256 + count, let candidate = heap.pop() {
            let current = pairCounts[candidate.pair] ?? 0
            if current != candidate.count {
                if current > 0 { heap.push(Candidate(count: current, pair: candidate.pair)) }
                continue
            }
            guard current >= minimumFrequency else { return }
            let pair = candidate.pair
            let bytes = tokens[Int(pair.left)] + tokens[Int(pair.right)]
            // Two pairs can spell the same bytes; they share one token, with a rank each.
            let id = ids[bytes] ?? Int32(tokens.count)
            if ids.updateValue(id, forKey: bytes) == nil { tokens.append(bytes) }
            merges.append((pair.left, pair.right))
            apply(pair, as: id)
        }
    }

    private mutating func apply(_ pair: Pair, as id: Int32) {
        var changes: [Pair: Int] = [:]
        for word in occurrences.removeValue(forKey: pair) ?? [] {
            replace(pair, by: id, inWord: word, changes: &changes)
        }
        for (changed, difference) in changes where difference != 0 && changed != pair {
            let count = (pairCounts[changed] ?? 0) + difference
            pairCounts[changed] = count > 0 ? count : nil
            if difference > 0 { heap.push(Candidate(count: count, pair: changed)) }
        }
        pairCounts[pair] = nil
    }

    /// Merges the pair within a word, from left to right, and notes how pair counts change.
    private mutating func replace(
        _ pair: Pair,
        by id: Int32,
        inWord index: Int32,
        changes: inout [Pair: Int]
    ) {
        let old = words[Int(index)]
        var new: [Int32] = []
        new.reserveCapacity(old.count)
        var position = 0
        while position < old.count {
            if position + 1 < old.count, old[position] == pair.left, old[position + 1] == pair.right
            {
                new.append(id)
                position += 2
            } else {
                new.append(old[position])
                position += 1
            }
        }
        guard new.count < old.count else { return }
        let frequency = frequencies[Int(index)]
        for gone in Self.pairs(old) { changes[gone, default: 0] -= frequency }
        for made in Self.pairs(new) {
            changes[made, default: 0] += frequency
            if made.left == id || made.right == id { occurrences[made, default: []].insert(index) }
        }
        words[Int(index)] = new
    }
}
