package import Kernels

/// Causal multi-head self-attention over the rows of each record; it has no parameters.
package struct Attention: Sendable {
    private let headCount: Int
    private let headWidth: Int

    /// Up to this length of all records probabilities are kept: they take less memory than a tenth
    /// of the other activations then, and save a fifth of the attention's work.
    private static let longestKept = 64

    /// Splits the width into `headCount` heads.
    package init(headCount: Int, headWidth: Int) {
        self.headCount = headCount
        self.headWidth = headWidth
    }

    /// Memory for the probabilities of all records and heads, one row; nil if records are long.
    package func probabilities(records: [Range<Int>], from arena: Arena) -> Matrix? {
        guard records.allSatisfy({ $0.count <= Self.longestKept }) else { return nil }
        let count = records.reduce(0) { $0 + $1.count * $1.count }
        return arena.matrix(rows: 1, columns: headCount * count)
    }

    /// output = attention of projections [rows, query | key | value], [rows, width].
    package func forward(
        _ projections: Matrix,
        records: [Range<Int>],
        keeping probabilities: Matrix?,
        into output: Matrix,
        scratch: Arena
    ) {
        forEachHead(projections, records, probabilities, output, scratch) {
            CausalAttention.forward($0.head, into: $0.rows, keeping: $0.kept, scratch: $0.memory)
        }
    }

    /// Overwrites the projections with their gradients.
    package func backward(
        _ projections: Matrix,
        records: [Range<Int>],
        kept probabilities: Matrix?,
        outputGradient: Matrix,
        scratch: Arena
    ) {
        forEachHead(projections, records, probabilities, outputGradient, scratch) {
            CausalAttention.backward(
                $0.head,
                outputGradient: $0.rows,
                kept: $0.kept,
                scratch: $0.memory
            )
        }
    }

    /// What one head of one record works on.
    private struct Work {
        let head: CausalAttention.Projections
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
                                headWidth: headWidth
                            ),
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
