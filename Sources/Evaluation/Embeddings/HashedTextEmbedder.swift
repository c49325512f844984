public import Kernels
public import LanguageModel
import SeededRandomness

/// Vectors without a model: a random ±1 projection of a text's word 1-grams and 2-grams.
///
/// Inner products approximate those of the n-gram count vectors (Achlioptas 2003, *Database-friendly
/// random projections*). Catches vocabulary and phrasing, not meaning: what a comparison falls back
/// to when it has no model, and what its own tests use.
public struct HashedTextEmbedder: TextEmbedder {
    /// "hashed n-gram projection".
    public let name = "hashed n-gram projection"
    /// Names the projection; there is nothing else to name.
    public let fingerprint = Array("hashed-n-grams/1".utf8)
    private let wordsPerVector = 4

    /// The length of each vector: 256.
    public var dimension: Int { wordsPerVector * 64 }

    /// An embedder without any state.
    public init() {}

    /// One vector of L2 norm 1 a text; texts without words get zeros.
    public func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings {
        let result = Embeddings(count: texts.count, dimension: dimension)
        let block = 256
        parallel((texts.count + block - 1) / block) { item, _ in
            for index in item * block..<min(texts.count, (item + 1) * block) {
                result.values.store(vector(of: texts[index]), at: index * dimension)
            }
        }
        return result
    }

    private func vector(of text: String) -> [Float] {
        let words = WordHashes.folded(text)
        var sums = [Float](repeating: 0, count: dimension)
        for (index, word) in words.enumerated() {
            add(word, weight: 1, to: &sums)
            if index > 0 { add(WordHashes.joined(words[index - 1], word), weight: 0.5, to: &sums) }
        }
        let norm = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm > 0 ? sums.map { $0 / norm } : sums
    }

    private func add(_ hash: UInt64, weight: Float, to sums: inout [Float]) {
        for part in 0..<wordsPerVector {
            var signs = SplitMix64.mixed(hash &+ UInt64(part + 1) &* 0x9E37_79B9_7F4A_7C15)
            for bit in 0..<64 {
                sums[part * 64 + bit] += signs & 1 == 0 ? weight : -weight
                signs >>= 1
            }
        }
    }
}
