import Kernels
import TestData
import Testing

/// The oracle is `PackedMatrix`, whose own is a loop in Double.
@Suite struct ScreenedMatrixTests {
    private static let one = ParallelFor(threadCount: 1)

    private static func row(_ count: Int) -> Matrix {
        Matrix(FloatBuffer(count: count), rows: 1, columns: count)
    }

    /// The exact product of one row with the matrix whose columns are `weights`.
    private static func exact(_ input: Matrix, _ weights: Matrix) -> [Float] {
        let product = row(weights.rows)
        PackedMatrix(packing: weights, transposed: true)
            .multiply(input, bias: nil, into: product, parallel: one)
        return product.values
    }

    /// The screened product, its first `count` elements settled; nil if they were not.
    private static func settled(
        _ rank: Int,
        _ input: Matrix,
        _ weights: Matrix,
        among count: Int? = nil
    ) -> [Float]? {
        guard let screened = ScreenedMatrix(rounding: weights, parallel: one) else { return nil }
        let product = row(weights.rows)
        screened.multiply(input, into: product, parallel: one)
        let values = product.columns(0..<(count ?? weights.rows))
        let isSettled = screened.settle(rank, of: values, input, scratch: row(weights.rows))
        return isSettled ? values.values : nil
    }

    /// The indices of the `rank` largest values with all that equal the last, by sorting.
    private static func largest(_ rank: Int, of values: [Float]) -> [Int] {
        let threshold = values.sorted(by: >)[rank - 1]
        return values.indices.filter { values[$0] >= threshold }
    }

    private static func expectLargestAreExact(_ rank: Int, _ values: [Float], _ exact: [Float]) {
        let indices = largest(rank, of: exact)
        #expect(largest(rank, of: values) == indices)
        #expect(indices.map { values[$0] } == indices.map { exact[$0] })
    }

    @Test(arguments: [1, 2, 5, 50], [(7, 450), (64, 1_000), (193, 4_097)])
    func theLargestAreThoseOfTheExactProduct(
        rank: Int,
        shape: (inner: Int, columns: Int)
    ) throws {
        var generator = SeededGenerator(seed: 5)
        let weights = generator.matrix(rows: shape.columns, columns: shape.inner, gap: 3)
        for _ in 0..<5 {
            let input = generator.matrix(rows: 1, columns: shape.inner)
            let exact = Self.exact(input, weights)
            let values = try #require(Self.settled(rank, input, weights))
            Self.expectLargestAreExact(rank, values, exact)
            // Most are not computed twice.
            #expect(zip(values, exact).count { $0 != $1 } > shape.columns / 2)
            let some = shape.columns * 2 / 3
            let first = try #require(Self.settled(rank, input, weights, among: some))
            Self.expectLargestAreExact(rank, first, Array(exact[..<some]))
        }
    }

    /// A fifth of the columns are the largest by far and differ in bits that rounding takes away, some
    /// not at all.
    @Test(arguments: [1, 3, 20]) func bitsThatRoundingTakesAwayDecide(rank: Int) throws {
        var generator = SeededGenerator(seed: 6)
        let weights = generator.matrix(rows: 1_000, columns: 48)
        let input = generator.matrix(rows: 1, columns: 48)
        for column in stride(from: 0, to: 1_000, by: 5) {
            let nudge = Float(Int.random(in: -40...40, using: &generator)) * 0x1p-18
            for k in 0..<48 { weights[column, k] = input[0, k] * (2 + nudge) }
        }
        let values = try #require(Self.settled(rank, input, weights))
        Self.expectLargestAreExact(rank, values, Self.exact(input, weights))
    }

    /// Every weight of column 700 rounds down by nearly half a place; those of column 3 round so that
    /// its product, the smaller one, becomes the larger by as much as can be.
    @Test func theWorstRoundingIsSeenThrough() throws {
        let inner = 500
        let weights = Matrix(FloatBuffer(count: 800 * inner), rows: 800, columns: inner)
        let input = Self.row(inner)
        for k in 0..<inner {
            input[0, k] = 1
            weights[700, k] = 1 + 0.99 * 0x1p-8
            weights[3, k] = k % 2 == 0 ? 1 + 0x1p-7 : 1 - 0.06 * 0x1p-8
        }
        let exact = Self.exact(input, weights)
        try #require(Self.largest(1, of: exact) == [700])
        let values = try #require(Self.settled(1, input, weights))
        Self.expectLargestAreExact(1, values, exact)
    }

    @Test(arguments: [1, 2, 3, 4], [1, 3])
    func productsAreNearAndDoNotDependOnRowsOrThreads(rows: Int, threads: Int) throws {
        var generator = SeededGenerator(seed: 7)
        let weights = generator.matrix(rows: 203, columns: 61)
        let input = generator.matrix(rows: rows, columns: 61, gap: 4)
        let screened = try #require(ScreenedMatrix(rounding: weights, parallel: Self.one))
        let product = Matrix(FloatBuffer(count: rows * 203), rows: rows, columns: 203)
        screened.multiply(input, into: product, parallel: ParallelFor(threadCount: threads))
        for index in 0..<rows {
            let row = input.rows(index..<index + 1)
            let alone = Self.row(203)
            screened.multiply(row, into: alone, parallel: Self.one)
            #expect(alone.values == product.rows(index..<index + 1).values)
            let isNear = (0..<203).allSatisfy { column in
                let terms = (0..<61).map { Double(row[0, $0]) * Double(weights[column, $0]) }
                let sum = terms.reduce(0, +)
                let magnitude = terms.reduce(0) { $0 + abs($1) }
                return abs(Double(alone[0, column]) - sum) <= 0x1p-8 * magnitude
            }
            #expect(isNear)
        }
    }

    @Test func whatCannotBeScreenedIsSaidAndStays() throws {
        var generator = SeededGenerator(seed: 8)
        for weight in [Float.nan, .infinity, .greatestFiniteMagnitude] {
            let weights = generator.matrix(rows: 100, columns: 20)
            weights[70, 9] = weight
            #expect(ScreenedMatrix(rounding: weights, parallel: Self.one) == nil)
        }
        let weights = generator.matrix(rows: 100, columns: 20)
        let input = generator.matrix(rows: 1, columns: 20)
        #expect(Self.settled(1, input, weights) != nil)
        // No more elements than are asked for, or most of them near the largest.
        #expect(Self.settled(100, input, weights) == nil)
        #expect(Self.settled(60, input, weights) == nil)
        for value in [Float.nan, .infinity, 0x1p50] {
            input[0, 3] = value
            #expect(Self.settled(1, input, weights) == nil)
        }
        input[0, 3] = 0
        for column in 1..<100 { weights.rows(column..<column + 1).copy(from: weights.rows(0..<1)) }
        let screened = try #require(ScreenedMatrix(rounding: weights, parallel: Self.one))
        let values = Self.row(100)
        screened.multiply(input, into: values, parallel: Self.one)
        let before = values.values
        #expect(!screened.settle(1, of: values, input, scratch: Self.row(100)))
        #expect(values.values == before)
    }
}
