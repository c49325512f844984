/// How often each piece of the pre-tokeniser occurs in a stream of texts.
///
/// Memory grows with the number of different pieces, not with the text.
struct PieceCounts {
    private let preTokenizer = PreTokenizer()
    private var counts: [[UInt8]: Int] = [:]

    /// Pieces beyond this length are cut: a run of a megabyte teaches a vocabulary nothing.
    private static let longestPiece = 256

    /// Counts the pieces of one text.
    mutating func add(_ text: [UInt8]) {
        let bytes = text.span
        var start = 0
        while start < bytes.count {
            let end = preTokenizer.pieceEnd(in: bytes, from: start)
            for cut in stride(from: start, to: end, by: Self.longestPiece) {
                counts[Array(text[cut..<min(end, cut + Self.longestPiece)]), default: 0] += 1
            }
            start = end
        }
    }

    /// The pieces and their counts, in the order of their bytes.
    var sorted: [(piece: [UInt8], count: Int)] {
        counts.map { (piece: $0.key, count: $0.value) }
            .sorted { $0.piece.lexicographicallyPrecedes($1.piece) }
    }
}
