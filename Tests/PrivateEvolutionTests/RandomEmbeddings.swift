import Kernels
import LanguageModel

/// A reproducible stream of uniform words (SplitMix64, Steele, Lea and Flood 2014).
struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension Embeddings {
    /// Uniform values in −1..<1.
    static func random(_ count: Int, _ dimensions: Int, seed: UInt64) -> Embeddings {
        var generator = TestGenerator(state: seed)
        return Embeddings(
            (0..<count).map { _ in
                (0..<dimensions).map { _ in Float.random(in: -1..<1, using: &generator) }
            }
        )
    }

    /// The given rows, all of one length.
    init(_ rows: [[Float]]) {
        self.init(
            values: FloatBuffer(rows.flatMap(\.self)),
            count: rows.count,
            dimension: rows.first?.count ?? 1
        )
    }

    /// All rows, copied.
    var rows: [[Float]] { (0..<count).map { row($0) } }
}
