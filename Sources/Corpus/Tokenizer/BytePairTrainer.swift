/// Learns the merges of a byte-level BPE from public text.
///
/// The algorithm of Sennrich, Haddow and Birch 2016 (arXiv:1508.07909, Algorithm 1) over the pieces of
/// the pre-tokeniser: merge the most frequent pair of neighbours, again and again. Ties go to the
/// pair with the smaller left id, then the smaller right id, as `tokenizers` breaks them. The result
/// depends on the multiset of texts alone, not on their order.
///
/// A vocabulary learned from private text would publish it: train on public text only.
package struct BytePairTrainer {
    private let vocabularySize: Int
    private let minimumFrequency: Int
    private var counts = PieceCounts()

    /// The smallest vocabulary: 256 bytes and end-of-text.
    package static let smallestVocabulary = 257

    /// A trainer for a vocabulary of that size.
    ///
    /// - Parameters:
    ///   - vocabularySize: 256 bytes, the merges and end-of-text together; at least 257.
    ///   - minimumFrequency: Pairs that occur less often are not merged; at least 1.
    package init(vocabularySize: Int, minimumFrequency: Int = 2) {
        precondition(
            vocabularySize >= Self.smallestVocabulary,
            "vocabularySize is \(vocabularySize); it must be at least \(Self.smallestVocabulary)"
        )
        precondition(
            minimumFrequency >= 1,
            "minimumFrequency is \(minimumFrequency); it must be >= 1"
        )
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
    }

    /// Counts the pieces of one text, which is not kept.
    package mutating func add(_ text: [UInt8]) { counts.add(text) }

    /// The tokenizer learned from all texts so far.
    ///
    /// Its vocabulary is smaller than asked for if the texts have too few frequent pairs.
    package func tokenizer() -> BytePairTokenizer {
        var learner = MergeLearner(words: counts.sorted)
        learner.learn(
            upTo: vocabularySize - Self.smallestVocabulary,
            minimumFrequency: minimumFrequency
        )
        let vocabulary = Vocabulary(trainedMerges: learner.merges, tokens: learner.tokens)
        return BytePairTokenizer(TokenizerDescription(trained: vocabulary))
    }
}

/// How often each piece of the pre-tokeniser occurs in a stream of texts.
///
/// Memory grows with the number of different pieces, not with the text.
private struct PieceCounts {
    private let preTokenizer = PreTokenizer()
    private var counts: [[UInt8]: Int] = [:]

    /// Pieces beyond this length are cut: a run of a megabyte teaches a vocabulary nothing.
    private static let longestPiece = 256

    /// Counts the pieces of one text.
    mutating func add(_ text: [UInt8]) {
        preTokenizer.forEachPiece(in: text.span) { piece in
            for cut in stride(from: piece.lowerBound, to: piece.upperBound, by: Self.longestPiece) {
                let end = min(piece.upperBound, cut + Self.longestPiece)
                counts[Array(text[cut..<end]), default: 0] += 1
            }
        }
    }

    /// The pieces and their counts, in the order of their bytes.
    var sorted: [(piece: [UInt8], count: Int)] {
        counts.map { (piece: $0.key, count: $0.value) }
            .sorted { $0.piece.lexicographicallyPrecedes($1.piece) }
    }
}

/// The inner loop of `BytePairTrainer`: words as token ids, and pair counts kept up to date.
///
/// Each merge touches only the words that hold the pair, and a heap with lazily corrected counts gives
/// the next pair, so that a merge costs as much as its occurrences, not as the text.
private struct MergeLearner {
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
