import Kernels
import TestData
import Testing

@Suite struct MatrixMultiplyTests {
    private static let shapes = [(1, 1, 1), (3, 5, 7), (17, 33, 9), (64, 64, 64), (130, 70, 257)]

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
        // Elements are below 1, so a dot product of `inner` terms rounds to inner · 2⁻²⁴ at most.
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
        MatrixMultiply.multiply(a, b, into: product, alpha: 2, beta: -1)
        #expect(isClose(product, values, inner: 4 * inner))
    }

    @Test(arguments: shapes)
    func gramWritesTheLowerTriangleOnly(rows: Int, inner: Int, columns: Int) {
        var generator = SeededGenerator(seed: 2)
        let a = generator.matrix(rows: rows, columns: inner, gap: 5)
        let product = Matrix(
            FloatBuffer([Float](repeating: 9, count: rows * rows)),
            rows: rows,
            columns: rows
        )
        MatrixMultiply.gram(a, into: product)
        let values = expected(rows, inner, rows, { a[$0, $1] }, { a[$1, $0] })
        for row in 0..<rows {
            for column in 0..<rows {
                let value = column <= row ? values[row * rows + column] : 9
                let difference = abs(Double(product[row, column]) - value)
                #expect(difference <= Double(inner) * 0x1p-22)
            }
        }
    }

    @Test func anInnerDimensionOfZeroGivesZero() {
        let empty = Matrix(FloatBuffer(count: 1), rows: 4, columns: 0)
        let product = Matrix(
            FloatBuffer([Float](repeating: .nan, count: 16)),
            rows: 4,
            columns: 4
        )
        MatrixMultiply.multiply(empty, transposed: empty, into: product)
        #expect(product.values.allSatisfy { $0 == 0 })
        #expect(!MatrixMultiply.coreName.isEmpty)
    }
}
