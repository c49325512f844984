import CVectorMath
import TestData
import Testing

@testable import Kernels

@Suite struct PanelProductTests {
    /// Rows, inner, columns: below, at and above tiles, panels, and the depth that is packed at once.
    private static let shapes = [
        (1, 1, 1), (5, 3, 2), (14, 16, 32), (15, 17, 33), (63, 64, 63), (31, 257, 70),
        (65, 768, 64), (8, 193, 97), (520, 20, 40), (1_030, 600, 24),
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
                    // Terms below 1 of either sign round to less than inner · 2⁻²⁴.
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

    @Test func noColumnsAreAllowed() {
        let a = Matrix(FloatBuffer(count: 8), rows: 1, columns: 8)
        let none = Matrix(FloatBuffer(count: 1), rows: 0, columns: 8)
        let product = Matrix(FloatBuffer(count: 1), rows: 1, columns: 0)
        MatrixMultiply.multiply(a, transposed: none, into: product, reach: 0)
        MatrixMultiply.multiply(a, transposed: none, into: product)
    }

    /// Rows, inner, columns: full blocks and parts, and the largest Gram matrix.
    @Test(arguments: [(512, 384, 50), (1_536, 768, 17), (1_024, 192, 0)])
    func packingStaysInItsMemory(rows: Int, inner: Int, columns: Int) {
        guard PanelProduct.isAvailable else { return }
        var generator = SeededGenerator(seed: 6)
        let count = vector_math_panel_product_scratch()
        let scratch = FloatBuffer(count: count + 4_096)
        scratch.fill(0..<scratch.count, with: 3)
        let a = generator.matrix(rows: rows, columns: inner)
        let b = columns == 0 ? a : generator.matrix(rows: columns, columns: inner)
        let product = generator.matrix(rows: rows, columns: b.rows)
        var description = unsafe vector_math_panel_product(
            a: vector_math_factor(elements: a.base, stride: inner, inner_major: 0),
            b: vector_math_factor(elements: b.base, stride: inner, inner_major: 0),
            product: product.base,
            product_stride: b.rows,
            rows: rows,
            columns: b.rows,
            inner: inner,
            reach: columns,
            adds: 0,
            bias: nil
        )
        unsafe vector_math_panel_product(&description, scratch.base)
        #expect(scratch.values(count..<count + 4_096).allSatisfy { $0 == 3 })
        let difference = Double(product[rows - 1, b.rows - 1]) - dot(a, rows - 1, b, b.rows - 1)
        #expect(abs(difference) <= Double(inner) * 0x1p-23)
    }

    /// Neither what a product left in the memory for packing nor a record beside it gets through.
    @Test func nonFiniteElementsStayInTheirRows() {
        var generator = SeededGenerator(seed: 7)
        let broken = generator.matrix(rows: 40, columns: 200)
        broken.fill(with: .nan)
        let a = generator.matrix(rows: 17, columns: 17)
        let b = generator.matrix(rows: 17, columns: 17)
        let expected = generator.matrix(rows: 17, columns: 17)
        let product = generator.matrix(rows: 17, columns: 17)
        MatrixMultiply.multiply(a, b, into: expected)
        MatrixMultiply.gram(broken, into: generator.matrix(rows: 40, columns: 40))
        MatrixMultiply.multiply(a, b, into: product)
        #expect(product.values == expected.values)
        a.rows(5..<6).fill(with: .infinity)
        MatrixMultiply.multiply(a, b, into: product)
        #expect(product.rows(0..<5).values == expected.rows(0..<5).values)
        #expect(product.rows(6..<17).values == expected.rows(6..<17).values)
        #expect(product.rows(5..<6).values.allSatisfy { !$0.isFinite })
    }
}
