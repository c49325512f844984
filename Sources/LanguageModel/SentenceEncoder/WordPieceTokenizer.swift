/// BERT's uncased tokenizer: basic splitting, then the longest word pieces from the left.
///
/// Wu et al. 2016, arXiv:1609.08144, as released with Devlin et al. 2019.
package struct WordPieceTokenizer: Sendable {
    /// Longer words, in Unicode scalars, are unknown as a whole.
    private static let longestWord = 100

    private let pieces: [[Unicode.Scalar]: Int32]
    private let longestPiece: Int
    private let unknown: Int32
    private let start: Int32
    private let end: Int32
    private let lowercases: Bool

    /// Opens the vocabulary: the lines of `vocab.txt`, one piece a line, its number the id.
    ///
    /// - Returns: Nil if [UNK], [CLS] or [SEP] is not among them.
    package init?(vocabulary: [UInt8], lowercases: Bool = true) {
        var pieces: [[Unicode.Scalar]: Int32] = [:]
        var longest = 1
        let lines = vocabulary.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        for (id, line) in lines.enumerated() {
            let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let piece = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            if !piece.isEmpty, pieces[piece] == nil { pieces[piece] = Int32(id) }
            longest = max(longest, piece.count)
        }
        func id(_ name: String) -> Int32? { pieces[Array(name.unicodeScalars)] }
        guard let unknown = id("[UNK]"), let start = id("[CLS]"), let end = id("[SEP]") else {
            return nil
        }
        self.pieces = pieces
        longestPiece = longest
        self.unknown = unknown
        self.start = start
        self.end = end
        self.lowercases = lowercases
    }

    /// The largest id.
    package var largestID: Int32 { pieces.values.max() ?? 0 }

    /// [CLS], the pieces of the text, [SEP]; cut so that there are at most `limit` ids.
    package func encode(_ text: String, limit: Int) -> [Int32] {
        var ids = [start]
        for word in BasicTokenizer.words(of: text, lowercasing: lowercases) {
            guard ids.count < limit - 1 else { break }
            append(word, to: &ids)
        }
        return Array(ids.prefix(max(limit - 1, 1))) + [end]
    }

    private func append(_ word: [Unicode.Scalar], to ids: inout [Int32]) {
        guard word.count <= Self.longestWord else { return ids.append(unknown) }
        var found: [Int32] = []
        var first = 0
        while first < word.count {
            guard let (id, next) = longestMatch(word, from: first) else {
                return ids.append(unknown)
            }
            found.append(id)
            first = next
        }
        ids += found
    }

    private func longestMatch(_ word: [Unicode.Scalar], from first: Int) -> (Int32, next: Int)? {
        let mark: [Unicode.Scalar] = first > 0 ? ["#", "#"] : []
        var next = min(word.count, first + longestPiece)
        while next > first {
            if let id = pieces[mark + word[first..<next]] { return (id, next) }
            next -= 1
        }
        return nil
    }
}
