package import Kernels

/// A set of texts with its words hashed once, for all metrics to share.
package struct TextFeatures: Sendable {
    /// The texts themselves.
    package let texts: [String]
    /// Case-folded words of each text (`WordHashes.folded`).
    package let folded: [[UInt64]]
    /// Words between white space of each text (`WordHashes.verbatim`).
    package let verbatim: [[UInt64]]

    /// Hashes the words of `texts`.
    package init(_ texts: [String], parallel: ParallelFor) throws {
        let block = 512
        let parts = try parallel.map((texts.count + block - 1) / block) { item in
            texts[item * block..<min(texts.count, (item + 1) * block)].map {
                (WordHashes.folded($0), WordHashes.verbatim($0))
            }
        }.flatMap { $0 }
        self.init(texts: texts, folded: parts.map(\.0), verbatim: parts.map(\.1))
    }

    private init(texts: [String], folded: [[UInt64]], verbatim: [[UInt64]]) {
        self.texts = texts
        self.folded = folded
        self.verbatim = verbatim
    }

    /// The texts `members` only, in that order.
    package func selecting(_ members: [Int]) -> TextFeatures {
        TextFeatures(
            texts: members.map { texts[$0] },
            folded: members.map { folded[$0] },
            verbatim: members.map { verbatim[$0] }
        )
    }
}
