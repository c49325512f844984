package import Kernels

/// The speed of matrix products alone: what a training step can reach at most.
///
/// One single-threaded product [1024, 768]·[768, 3072] runs on every thread, side by side, in turn by
/// our own kernel and by BLAS.
package struct ProductBenchmark {
    /// Operations a second of all threads together, in each round.
    package struct Speeds: Sendable {
        /// Of the kernel that training uses.
        package let own: [Double]
        /// Of BLAS.
        package let blas: [Double]

        /// Whether our own kernel is the faster one, by the medians.
        package var isOwnFaster: Bool { Median.of(own) >= Median.of(blas) }
        /// The median of the faster one.
        package var ceiling: Double { max(Median.of(own), Median.of(blas)) }

        /// Both measurements as one.
        package static func + (first: Speeds, second: Speeds) -> Speeds {
            Speeds(own: first.own + second.own, blas: first.blas + second.blas)
        }
    }

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

    /// Measures `count` rounds, after one that warms caches and clocks.
    package func rounds(_ count: Int) -> Speeds {
        let rounds = (0...count).map { _ in
            (
                own: round { MatrixMultiply.multiply($0, $1, into: $2) },
                blas: round { MatrixMultiply.multiplyByBLAS($0, $1, into: $2) }
            )
        }.suffix(count)
        return Speeds(own: rounds.map(\.own), blas: rounds.map(\.blas))
    }

    private func round(_ multiply: @Sendable (Matrix, Matrix, Matrix) -> Void) -> Double {
        let shape = Self.shape
        let operations = Double(
            Self.productsPerRound * 2 * shape.rows * shape.inner * shape.columns
        )
        let speeds = parallel.map(parallel.threadCount) { [factors] item, _ in
            let (left, right, product) = factors[item]
            let seconds = Stopwatch.seconds {
                for _ in 0..<Self.productsPerRound { multiply(left, right, product) }
            }
            return operations / seconds
        }
        return speeds.reduce(0, +)
    }
}

/// The middle of repeated measurements.
package enum Median {
    /// The median; the mean of the two in the middle if their number is even; NaN of nothing.
    package static func of(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// Measures wall-clock time.
package enum Stopwatch {
    /// The seconds that `body` takes.
    package static func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }
}
