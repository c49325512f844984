import TestData
import Testing

@testable import Kernels

@Suite struct MatrixMultiplyTests {
    /// Rows, inner, columns: single elements, and several blocks, parts and groups of a kernel.
    private static let shapes = [
        (1, 1, 1), (3, 5, 7), (17, 33, 9), (8, 16, 16), (64, 64, 64), (130, 70, 257),
        (70, 601, 49), (1_030, 600, 18),
    ]

    private func expected(
        _ rows: Int,
        _ inner: Int,
        _ columns: Int,
        _ a: (Int, Int) -> Float,
        _ b: (Int, Int) -> Float
    ) -> [Double] {
        (0..<rows * columns).map { place in
            (0..<inner).reduce(0) {
                $0 + Double(a(place / columns, $1)) * Double(b($1, place % columns))
            }
        }
    }

    private func isClose(_ product: Matrix, _ values: [Double], inner: Int) -> Bool {
        // Terms are below 1 and of either sign: their sums, below √inner or so, round to less than
        // inner · 2⁻²⁴ each, and the errors have either sign, too.
        zip(product.values, values).allSatisfy { abs(Double($0) - $1) <= Double(inner) * 0x1p-23 }
    }

    @Test(arguments: shapes)
    func productsAgreeWithLoopsInDouble(rows: Int, inner: Int, columns: Int) {
        var generator = SeededGenerator(seed: 1)
        let a = generator.matrix(rows: rows, columns: inner, gap: 3)
        let b = generator.matrix(rows: inner, columns: columns, gap: 2)
        let values = expected(rows, inner, columns, { a[$0, $1] }, { b[$0, $1] })
        let aTransposed = generator.matrix(rows: inner, columns: rows, gap: 1)
        let bTransposed = generator.matrix(rows: columns, columns: inner)
        for row in 0..<rows { for k in 0..<inner { aTransposed[k, row] = a[row, k] } }
        for column in 0..<columns { for k in 0..<inner { bTransposed[column, k] = b[k, column] } }
        // The product starts as NaN: beta 0 must not read it.
        let product = Matrix(
            FloatBuffer([Float](repeating: .nan, count: rows * columns)),
            rows: rows,
            columns: columns
        )
        MatrixMultiply.multiply(a, b, into: product)
        #expect(isClose(product, values, inner: inner))
        MatrixMultiply.multiply(a, transposed: bTransposed, into: product)
        #expect(isClose(product, values, inner: inner))
        MatrixMultiply.multiply(transposed: aTransposed, b, into: product)
        #expect(isClose(product, values, inner: inner))
        MatrixMultiply.multiply(a, b, into: product, alpha: -2, adding: true)
        #expect(isClose(product, values.map { -$0 }, inner: 4 * inner))
        MatrixMultiply.multiplyByBLAS(a, b, into: product)
        #expect(isClose(product, values, inner: inner))
        MatrixMultiply.multiply(a, b, into: product, adding: true)
        #expect(isClose(product, values.map { 2 * $0 }, inner: 2 * inner))
        let bias = generator.matrix(rows: 1, columns: columns)
        let biased = values.enumerated().map { $1 + Double(bias[0, $0 % columns]) }
        MatrixMultiply.multiply(a, b, bias: bias, into: product)
        #expect(isClose(product, biased, inner: inner + 1))
        MatrixMultiply.multiply(a, b, bias: bias, into: product, adding: true)
        #expect(isClose(product, biased.map { 2 * $0 }, inner: 2 * inner + 2))
    }

    @Test(arguments: shapes)
    func theBitsOfARowDoNotDependOnTheOtherRows(rows: Int, inner: Int, columns: Int) {
        var generator = SeededGenerator(seed: 5)
        let a = generator.matrix(rows: rows, columns: inner)
        let aTransposed = generator.matrix(rows: inner, columns: rows)
        for row in 0..<rows { for k in 0..<inner { aTransposed[k, row] = a[row, k] } }
        let b = generator.matrix(rows: inner, columns: columns)
        let bias = generator.matrix(rows: 1, columns: columns)
        let product = generator.matrix(rows: rows, columns: columns)
        let alone = generator.matrix(rows: 1, columns: columns)
        for row in [0, rows / 2, rows - 1] {
            let range = row..<row + 1
            MatrixMultiply.multiply(a, b, bias: bias, into: product)
            MatrixMultiply.multiply(a.rows(range), b, bias: bias, into: alone)
            #expect(alone.values == product.rows(range).values)
            MatrixMultiply.multiply(
                transposed: aTransposed,
                b,
                into: product,
                alpha: 0.3,
                adding: true
            )
            MatrixMultiply.multiply(
                transposed: aTransposed.columns(range),
                b,
                into: alone,
                alpha: 0.3,
                adding: true
            )
            #expect(alone.values == product.rows(range).values)
        }
    }

    @Test func anInnerDimensionOfZeroGivesZeroOrTheBiasOrWhatWasThere() {
        let empty = Matrix(FloatBuffer(count: 1), rows: 4, columns: 0)
        let nothing = [Float](repeating: 0, count: 16)
        let product = Matrix(
            FloatBuffer([Float](repeating: .nan, count: 16)),
            rows: 4,
            columns: 4
        )
        MatrixMultiply.multiply(empty, transposed: empty, into: product)
        #expect(product.values == nothing)
        let columns = Matrix(FloatBuffer(count: 1), rows: 0, columns: 4)
        let bias = Matrix(FloatBuffer([1, 2, 3, 4]), rows: 1, columns: 4)
        product.fill(with: .nan)
        MatrixMultiply.multiply(empty, columns, bias: bias, into: product)
        MatrixMultiply.multiply(empty, columns, bias: bias, into: product, adding: true)
        #expect(product.values == [2, 4, 6, 8, 2, 4, 6, 8, 2, 4, 6, 8, 2, 4, 6, 8])
        MatrixMultiply.multiply(empty, columns, into: product, alpha: 3, adding: true)
        #expect(product[3, 3] == 8)
    }

    @Test func noRowsAndNoColumnsAreAllowed() {
        let a = Matrix(FloatBuffer(count: 8), rows: 1, columns: 8)
        let b = Matrix(FloatBuffer(count: 1), rows: 0, columns: 8)
        let product = Matrix(FloatBuffer(count: 1), rows: 1, columns: 0)
        MatrixMultiply.multiply(a, transposed: b, into: product, reach: 0)
        MatrixMultiply.multiply(a, transposed: b, into: product)
    }

    /// What a BLAS calls itself when it does not know the processor is older than any with AVX2.
    @Test func olderCoresOfBLASAreKnown() {
        #expect(MatrixMultiply.instructionSet(ofCore: "Prescott") == .baseline)
        #expect(MatrixMultiply.instructionSet(ofCore: "Haswell") == .avx2)
        #expect(MatrixMultiply.instructionSet(ofCore: "SkylakeX") == .avx512)
        #expect(MatrixMultiply.instructionSet(ofCore: "something new") == nil)
        #expect(!MatrixMultiply.coreName.isEmpty)
    }
}
