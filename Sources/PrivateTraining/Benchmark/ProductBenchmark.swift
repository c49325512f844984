package import Kernels

/// The speed of matrix products alone: what a training step can reach at most.
///
/// One single-threaded product [1024, 768]·[768, 3072] runs on every thread, side by side.
package struct ProductBenchmark {
    private static let shape = (rows: 1_024, inner: 768, columns: 3_072)
    private static let productsPerRound = 4

    private let parallel: ParallelFor
    private let factors: [(Matrix, Matrix, Matrix)]

    /// Takes memory for the products of every thread.
    package init(parallel: ParallelFor) {
        self.parallel = parallel
        let shape = Self.shape
        factors = (0..<parallel.threadCount).map { _ in
            let left = FloatBuffer(count: shape.rows * shape.inner)
            let right = FloatBuffer(count: shape.inner * shape.columns)
            let product = FloatBuffer(count: shape.rows * shape.columns)
            left.fill(0..<left.count, with: 0.5)
            right.fill(0..<right.count, with: 0.25)
            return (
                Matrix(left, rows: shape.rows, columns: shape.inner),
                Matrix(right, rows: shape.inner, columns: shape.columns),
                Matrix(product, rows: shape.rows, columns: shape.columns)
            )
        }
    }

    /// The speed of all threads together in each of `count` rounds, in operations a second.
    ///
    /// A round before them warms caches and clocks.
    package func rounds(_ count: Int) -> [Double] {
        (0...count).map { _ in round() }.suffix(count)
    }

    private func round() -> Double {
        let shape = Self.shape
        let operations = Double(
            Self.productsPerRound * 2 * shape.rows * shape.inner * shape.columns
        )
        let speeds = parallel.map(parallel.threadCount) { [factors] item, _ in
            let (left, right, product) = factors[item]
            let seconds = Stopwatch.seconds {
                for _ in 0..<Self.productsPerRound {
                    MatrixMultiply.multiplyByBLAS(left, right, into: product)
                }
            }
            return operations / seconds
        }
        return speeds.reduce(0, +)
    }
}
