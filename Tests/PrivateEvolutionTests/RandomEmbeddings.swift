import Kernels
import LanguageModel
import TestData

extension Embeddings {
    /// Uniform values in −1..<1.
    static func random(_ count: Int, _ dimensions: Int, seed: UInt64) -> Embeddings {
        var generator = SeededGenerator(seed: seed)
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
