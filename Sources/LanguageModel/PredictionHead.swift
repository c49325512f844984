import Kernels

/// The model's head: logits of the next token from the last layer's output.
struct PredictionHead: Sendable {
    /// The logits that decide a draw.
    struct Decisive: Sendable {
        /// How many of the largest, ties included.
        let rank: Int
        /// Among how many of the first tokens of the vocabulary.
        let vocabularySize: Int
    }

    private let packed: PackedMatrix
    private let screened: ScreenedMatrix?
    /// Whether the logits of few rows are found by screening, with scratch.
    var isScreened: Bool { screened != nil }

    /// Packs the embedding, [vocabulary, width], which must stay as it is.
    ///
    /// `isScreened` makes few texts at a time faster, in half as much memory again.
    init(_ embedding: Matrix, isScreened: Bool, parallel: ParallelFor) {
        packed = PackedMatrix(packing: embedding, transposed: true, parallel: parallel)
        screened = isScreened ? ScreenedMatrix(rounding: embedding, parallel: parallel) : nil
    }

    /// The logits of each row.
    ///
    /// - Parameters:
    ///   - rows: [rows, width].
    ///   - decisive: Which logits must be exact; those that are not are below them. All if nil.
    ///   - logits: [rows, vocabulary].
    ///   - scratch: As many, overwritten; without it all logits are exact.
    ///   - parallel: The threads to use; nothing depends on them.
    func predict(
        _ rows: Matrix,
        _ decisive: Decisive?,
        into logits: Matrix,
        scratch: Matrix?,
        parallel: ParallelFor
    ) {
        guard let decisive, let screened, let scratch, rows.rows <= ScreenedMatrix.rowLimit
        else {
            return packed.multiply(rows, bias: nil, into: logits, parallel: parallel)
        }
        screened.multiply(rows, into: logits, parallel: parallel)
        let settled = parallel.map(rows.rows) { row, _ in
            screened.settle(
                decisive.rank,
                of: logits.rows(row..<row + 1).columns(0..<decisive.vocabularySize),
                rows.rows(row..<row + 1),
                scratch: scratch.rows(row..<row + 1)
            )
        }
        for (row, isSettled) in settled.enumerated() where !isSettled {
            packed.multiply(
                rows.rows(row..<row + 1),
                bias: nil,
                into: logits.rows(row..<row + 1),
                parallel: parallel
            )
        }
    }
}
