/// Memory for the matrices of one pass, handed out in order and taken back all at once.
///
/// After the first passes it has grown to what a pass needs and allocates no more. A matrix is
/// valid until the arena is released to a mark before it. Contents are not cleared. One thread at
/// a time may use an arena.
package final class Arena: @unchecked Sendable {
    // Sendable: owners hand an arena to one ParallelFor item at a time.
    private var blocks: [FloatBuffer] = []
    private var block = 0
    private var used = 0

    /// A position to which the arena can be released.
    package struct Mark: Sendable {
        fileprivate let block: Int
        fileprivate let used: Int
    }

    /// Creates an arena without memory.
    package init() {}

    /// The memory it holds, in bytes.
    package var byteCount: Int { blocks.reduce(0) { $0 + $1.count * MemoryLayout<Float>.stride } }

    /// The present position.
    package var mark: Mark { Mark(block: block, used: used) }

    /// Takes back everything handed out since `mark`.
    package func release(to mark: Mark) {
        block = mark.block
        used = mark.used
    }

    /// Takes everything back, and joins the blocks of a grown arena into one.
    ///
    /// The joined block has a quarter to spare, for batches of varying size; what is never touched
    /// takes no memory.
    package func reset() {
        if blocks.count > 1 {
            let total = blocks.reduce(0) { $0 + $1.count }
            blocks = []
            blocks.append(FloatBuffer(count: total + total / 4))
        }
        block = 0
        used = 0
    }

    /// A contiguous matrix with undefined contents, 64-byte aligned.
    package func matrix(rows: Int, columns: Int) -> Matrix {
        let needed = (rows * columns + 15) / 16 * 16
        while block < blocks.count, used + needed > blocks[block].count {
            block += 1
            used = 0
        }
        if block == blocks.count {
            // Each block doubles what there is: few of them, and soon of a size that goes back to
            // the kernel when they are joined.
            let held = blocks.reduce(0) { $0 + $1.count }
            blocks.append(FloatBuffer(count: max(needed, 1 << 16, min(held, 1 << 22))))
            used = 0
        }
        let result = Matrix(blocks[block], offset: used, rows: rows, columns: columns)
        used += needed
        return result
    }

    /// Runs `body` and takes back what it was handed.
    package func scoped<Result>(_ body: () -> Result) -> Result {
        let start = mark
        defer { release(to: start) }
        return body()
    }
}
