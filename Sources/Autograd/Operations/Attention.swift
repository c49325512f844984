package import Kernels

/// Causal multi-head self-attention over the rows of each record.
///
/// Several query heads may share a key and a value; queries and keys may be normalised head by head,
/// and are turned by their positions where these are rotary.
package struct Attention: Sendable {
    /// The rows of a batch as attention sees them.
    package struct Rows {
        /// The rows of each record.
        package let records: [Range<Int>]
        /// By what each row's queries and keys are turned, [rows, headWidth]; nil leaves them.
        package let angles: Matrix?

        /// Joins records and angles.
        package init(records: [Range<Int>], angles: Matrix?) {
            self.records = records
            self.angles = angles
        }
    }

    /// What the forward pass keeps besides the projections.
    package struct Kept {
        /// Probabilities of all records and heads, if records are short.
        let probabilities: Matrix?
        let query: Normalization.Kept?
        let key: Normalization.Kept?
    }

    private let headCount: Int
    private let sharedHeadCount: Int
    private let headWidth: Int
    private let queryNorm: Normalization?
    private let keyNorm: Normalization?

    /// Up to this length of all records probabilities are kept: they take less memory than a tenth
    /// of the other activations then, and save a fifth of the attention's work.
    private static let longestKept = 64

    /// Describes the heads.
    ///
    /// - Parameters:
    ///   - headCount: Heads of queries.
    ///   - sharedHeadCount: Heads of keys and values; divides `headCount`.
    ///   - headWidth: Columns of a head.
    ///   - queryNorm: Normalises each head's queries, [1, headWidth].
    ///   - keyNorm: Normalises each head's keys.
    package init(
        headCount: Int,
        sharedHeadCount: Int,
        headWidth: Int,
        queryNorm: Normalization? = nil,
        keyNorm: Normalization? = nil
    ) {
        precondition(headCount % sharedHeadCount == 0, "\(headCount) of \(sharedHeadCount) heads")
        self.headCount = headCount
        self.sharedHeadCount = sharedHeadCount
        self.headWidth = headWidth
        self.queryNorm = queryNorm
        self.keyNorm = keyNorm
    }

    /// The width of queries | keys | values.
    package var projectionWidth: Int { (headCount + 2 * sharedHeadCount) * headWidth }

    /// Memory for what is kept of the rows of `records`.
    package func kept(records: [Range<Int>], from arena: Arena) -> Kept {
        let rows = records.last?.upperBound ?? 0
        let isShort = records.allSatisfy { $0.count <= Self.longestKept }
        let count = records.reduce(0) { $0 + $1.count * $1.count }
        func norm(_ norm: Normalization?, _ heads: Int) -> Normalization.Kept? {
            norm.map { _ in Normalization.Kept(rows: rows * heads, width: headWidth, from: arena) }
        }
        return Kept(
            probabilities: isShort ? arena.matrix(rows: 1, columns: headCount * count) : nil,
            query: norm(queryNorm, headCount),
            key: norm(keyNorm, sharedHeadCount)
        )
    }

    /// output = attention of projections [rows, queries | keys | values], [rows, width of queries].
    ///
    /// Queries and keys become the normalised and turned ones.
    package func forward(
        _ projections: Matrix,
        rows: Rows,
        keeping kept: Kept,
        into output: Matrix,
        scratch: Arena
    ) {
        forEachNorm(of: kept) { norm, kept, columns in
            applyNorm(norm, keeping: kept, to: projections.columns(columns), scratch: scratch)
        }
        if let angles = rows.angles {
            Rotation.turn(projections.columns(turned), angles: angles)
        }
        forEachHead(projections, rows.records, kept.probabilities, output, scratch) {
            CausalAttention.forward($0.head, into: $0.rows, keeping: $0.kept, scratch: $0.memory)
        }
    }

    /// Overwrites the projections with their gradients, and records the terms of the norms.
    package func backward(
        _ projections: Matrix,
        rows: Rows,
        kept: Kept,
        outputGradient: Matrix,
        on tape: Tape
    ) {
        forEachHead(projections, rows.records, kept.probabilities, outputGradient, tape.scratch) {
            CausalAttention.backward(
                $0.head,
                outputGradient: $0.rows,
                kept: $0.kept,
                isFirst: $0.isFirst,
                isLast: $0.isLast,
                scratch: $0.memory
            )
        }
        if let angles = rows.angles {
            Rotation.turn(projections.columns(turned), angles: angles, isBackward: true)
        }
        forEachNorm(of: kept) { norm, kept, columns in
            normBackward(norm, kept: kept, of: projections.columns(columns), on: tape)
        }
    }

    /// The columns of queries and keys.
    private var turned: Range<Int> { 0..<(headCount + sharedHeadCount) * headWidth }

    private func forEachNorm(
        of kept: Kept,
        _ body: (Normalization, Normalization.Kept, _ columns: Range<Int>) -> Void
    ) {
        let end = headCount * headWidth
        if let queryNorm, let kept = kept.query { body(queryNorm, kept, 0..<end) }
        if let keyNorm, let kept = kept.key {
            body(keyNorm, kept, end..<end + sharedHeadCount * headWidth)
        }
    }

    /// Normalises each head of `columns`, [rows, heads · headWidth], in place.
    private func applyNorm(
        _ norm: Normalization,
        keeping kept: Normalization.Kept,
        to columns: Matrix,
        scratch: Arena
    ) {
        scratch.scoped {
            let input = scratch.matrix(rows: columns.rows, columns: columns.columns)
            let output = scratch.matrix(rows: columns.rows, columns: columns.columns)
            input.copy(from: columns)
            norm.forward(
                input.reshaped(columns: headWidth),
                keeping: kept,
                into: output.reshaped(columns: headWidth)
            )
            columns.copy(from: output)
        }
    }

    private func normBackward(
        _ norm: Normalization,
        kept: Normalization.Kept,
        of columns: Matrix,
        on tape: Tape
    ) {
        let heads = columns.columns / headWidth
        tape.scratch.scoped {
            let gradient = tape.scratch.matrix(rows: columns.rows, columns: columns.columns)
            let result = tape.scratch.matrix(rows: columns.rows, columns: columns.columns)
            gradient.copy(from: columns)
            norm.backward(
                outputGradient: gradient.reshaped(columns: headWidth),
                keeping: kept,
                units: tape.units.map { $0.lowerBound * heads..<$0.upperBound * heads },
                residualGradient: nil,
                inputGradient: result.reshaped(columns: headWidth),
                on: tape
            )
            columns.copy(from: result)
        }
    }

    /// What one head of one record works on.
    private struct Work {
        let head: CausalAttention.Projections
        let isFirst: Bool
        let isLast: Bool
        let rows: Matrix
        let kept: Matrix?
        let memory: Matrix
    }

    private func forEachHead(
        _ projections: Matrix,
        _ records: [Range<Int>],
        _ probabilities: Matrix?,
        _ outputs: Matrix,
        _ scratch: Arena,
        _ body: (Work) -> Void
    ) {
        let longest = records.reduce(0) { max($0, $1.count) }
        let groupSize = headCount / sharedHeadCount
        scratch.scoped {
            let memory = scratch.matrix(
                rows: 1,
                columns: CausalAttention.scratchCount(time: longest, headWidth: headWidth)
            )
            var place = 0
            for record in records {
                let square = record.count * record.count
                for head in 0..<headCount {
                    let columns = head * headWidth..<(head + 1) * headWidth
                    let kept = probabilities.map {
                        $0.columns(place..<place + square).reshaped(columns: max(record.count, 1))
                    }
                    place += square
                    body(
                        Work(
                            head: CausalAttention.Projections(
                                projections.rows(record),
                                head: head,
                                headWidth: headWidth,
                                groupSize: groupSize
                            ),
                            isFirst: head % groupSize == 0,
                            isLast: head % groupSize == groupSize - 1,
                            rows: outputs.rows(record).columns(columns),
                            kept: kept,
                            memory: memory
                        )
                    )
                }
            }
        }
    }
}
