package import Kernels

/// Causal multi-head self-attention over the rows of each record; it has no parameters.
package struct Attention: Sendable {
    private let headCount: Int
    private let headWidth: Int

    /// Splits the width into `headCount` heads.
    package init(headCount: Int, headWidth: Int) {
        self.headCount = headCount
        self.headWidth = headWidth
    }

    /// output = attention of projections [rows, query | key | value], [rows, width].
    package func forward(
        _ projections: Matrix,
        records: [Range<Int>],
        into output: Matrix,
        scratch: Arena
    ) {
        forEachHead(projections, records, output, scratch) { head, rows, memory in
            CausalAttention.forward(head, into: rows, scratch: memory)
        }
    }

    /// Overwrites the projections with their gradients.
    package func backward(
        _ projections: Matrix,
        records: [Range<Int>],
        outputGradient: Matrix,
        scratch: Arena
    ) {
        forEachHead(projections, records, outputGradient, scratch) { head, rows, memory in
            CausalAttention.backward(head, outputGradient: rows, scratch: memory)
        }
    }

    private func forEachHead(
        _ projections: Matrix,
        _ records: [Range<Int>],
        _ outputs: Matrix,
        _ scratch: Arena,
        _ body: (CausalAttention.Projections, Matrix, Matrix) -> Void
    ) {
        let longest = records.reduce(0) { max($0, $1.count) }
        scratch.scoped {
            let memory = scratch.matrix(
                rows: 1,
                columns: CausalAttention.scratchCount(time: longest, headWidth: headWidth)
            )
            for record in records {
                for head in 0..<headCount {
                    let columns = head * headWidth..<(head + 1) * headWidth
                    body(
                        CausalAttention.Projections(
                            projections.rows(record),
                            head: head,
                            headWidth: headWidth
                        ),
                        outputs.rows(record).columns(columns),
                        memory
                    )
                }
            }
        }
    }
}
