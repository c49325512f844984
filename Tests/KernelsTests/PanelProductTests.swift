import TestData
import Testing

@testable import Kernels

@Suite struct PanelProductTests {
    /// Rows, inner, columns: below, at and above tiles, panels, and the depth that is packed at once.
    private static let shapes = [
        (1, 1, 1), (5, 3, 2), (14, 16, 32), (15, 17, 33), (63, 64, 63), (31, 257, 70),
        (65, 768, 64), (8, 193, 97), (520, 20, 40), (1_030, 200, 24),
    ]

    private func dot(_ a: Matrix, _ row: Int, _ b: Matrix, _ column: Int) -> Double {
        (0..<a.columns).reduce(0) { $0 + Double(a[row, $1]) * Double(b[column, $1]) }
    }

    @Test(arguments: shapes)
    func wantedElementsAgreeWithLoopsInDouble(rows: Int, inner: Int, columns: Int) {
        var generator = SeededGenerator(seed: 3)
        let a = generator.matrix(rows: rows, columns: inner, gap: 3)
        let b = generator.matrix(rows: columns, columns: inner, gap: 5)
        let product = generator.matrix(rows: rows, columns: columns, gap: 2)
        for reach in [0, 7, columns] {
            product.fill(with: .nan)
            MatrixMultiply.multiply(a, transposed: b, into: product, reach: reach)
            var isClose = true
            for row in 0..<rows {
                for column in 0..<min(columns, row + reach + 1) {
                    let difference = Double(product[row, column]) - dot(a, row, b, column)
                    // Elements are below 1: `inner` terms round to inner · 2⁻²⁴ at most.
                    isClose = isClose && abs(difference) <= Double(inner) * 0x1p-23
                }
            }
            #expect(isClose)
        }
    }

    @Test(arguments: shapes)
    func whatLiesAroundAProductStays(rows: Int, inner: Int, columns: Int) {
        var generator = SeededGenerator(seed: 4)
        let a = generator.matrix(rows: rows, columns: inner)
        let b = generator.matrix(rows: columns, columns: inner)
        let wide = generator.matrix(rows: rows + 9, columns: columns + 40)
        let before = wide.columns(columns..<columns + 40).values
        let below = wide.rows(rows..<rows + 9).values
        MatrixMultiply.multiply(
            a,
            transposed: b,
            into: wide.rows(0..<rows).columns(0..<columns),
            reach: columns
        )
        #expect(wide.columns(columns..<columns + 40).values == before)
        #expect(wide.rows(rows..<rows + 9).values == below)
    }

    @Test func noRowsAndNoInnerDimensionAreAllowed() {
        let empty = Matrix(FloatBuffer(count: 1), rows: 4, columns: 0)
        let product = Matrix(FloatBuffer([Float](repeating: .nan, count: 16)), rows: 4, columns: 4)
        MatrixMultiply.gram(empty, into: product)
        #expect((0..<4).allSatisfy { row in (0...row).allSatisfy { product[row, $0] == 0 } })
        let none = Matrix(FloatBuffer(count: 1), rows: 0, columns: 4)
        MatrixMultiply.gram(none, into: none.columns(0..<0))
    }
}
