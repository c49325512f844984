import Foundation
import TestData
import Testing

@testable import Kernels

@Suite struct ProductNormTests {
    private func expected(_ left: Matrix, _ right: Matrix) -> Double {
        var norm = 0.0
        for i in 0..<left.columns {
            for j in 0..<right.columns {
                let element = (0..<left.rows).reduce(0) {
                    $0 + Double(left[$1, i]) * Double(right[$1, j])
                }
                norm += element * element
            }
        }
        return norm
    }

    private func ghost(_ left: Matrix, _ right: Matrix) -> BoundedValue {
        ProductNorm.ghost(left, right, left.rowNorms, right.rowNorms, Arena())
    }

    @Test(arguments: [(1, 4, 4), (2, 9, 5), (31, 16, 48), (100, 8, 12), (300, 20, 3)])
    func bothWaysAgreeWithTheProductInDouble(rows: Int, m: Int, n: Int) {
        var generator = SeededGenerator(seed: 9)
        let left = generator.matrix(rows: rows, columns: m)
        let right = generator.matrix(rows: rows, columns: n)
        let value = expected(left, right)
        let scratch = Arena()
        // Single-precision Gram matrices of up to 300 rows.
        let square = ProductNorm.squared(left, right, scratch: scratch)
        for norm in [
            ghost(left, right),
            ProductNorm.materialized(left, right, square.magnitude, scratch), square.norm,
        ] {
            #expect(abs(norm.value - value) < 1e-5 * value)
            #expect(abs(norm.value - value) <= norm.error && norm.error < 1e-2 * value)
        }
    }

    /// Shapes of which the first goes by Gram matrices and the others by the product.
    private static let shapes = [(6, 20, 24), (6, 5, 7), (40, 4, 16)]

    @Test(arguments: [Float(1e-12), 1e12, 1e25, 1e30], shapes)
    func largeGradientsDoNotOverflow(scale: Float, shape: (Int, Int, Int)) {
        var generator = SeededGenerator(seed: 10)
        let left = generator.matrix(rows: shape.0, columns: shape.1)
        let right = generator.matrix(rows: shape.0, columns: shape.2)
        right.scale(by: scale)
        let value = expected(left, right)
        let norm = ProductNorm.squared(left, right, scratch: Arena()).norm
        #expect(abs(norm.value - value) < 1e-5 * value)
        #expect(abs(norm.value - value) <= norm.error && norm.error < 1e-2 * value)
    }

    /// Squares of one side underflow, yet what they are multiplied with makes a large gradient.
    @Test(arguments: [(Float(1e-23), Float(1e18)), (1e-30, 8e30), (1e30, 1e-30)], shapes)
    func smallRowsWithLargePartnersAreNotMissed(scales: (Float, Float), shape: (Int, Int, Int)) {
        var generator = SeededGenerator(seed: 14)
        let left = generator.matrix(rows: shape.0, columns: shape.1)
        let right = generator.matrix(rows: shape.0, columns: shape.2)
        left.scale(by: scales.0)
        right.scale(by: scales.1)
        // Rows of any size lie together, one of zeros among them.
        left.rows(1..<2).scale(by: 1e-4)
        right.rows(2..<3).fill(with: 0)
        let value = expected(left, right)
        let norm = ProductNorm.squared(left, right, scratch: Arena()).norm
        #expect(abs(norm.value - value) < 1e-5 * value)
        #expect(abs(norm.value - value) <= norm.error && norm.error < 1e-2 * value)
    }

    @Test func lookedUpRowsGiveTheInnerProductOfTheDenseGradients() {
        var generator = SeededGenerator(seed: 13)
        let left = generator.matrix(rows: 20, columns: 9, gap: 3)
        let right = generator.matrix(rows: 20, columns: 6)
        let rows = generator.matrix(rows: 17, columns: 6)
        let places = (0..<17).map { _ in Int32.random(in: 0..<9, using: &generator) }
        var expected = 0.0
        for t in 0..<20 {
            for (s, place) in places.enumerated() {
                let product = (0..<6).reduce(0) { $0 + Double(right[t, $1]) * Double(rows[s, $1]) }
                expected += Double(left[t, Int(place)]) * product
            }
        }
        let inner = ProductNorm.inner(
            left,
            right,
            lookup: places[...],
            rows: rows,
            scratch: Arena()
        )
        #expect(abs(inner.value - expected) < 1e-4)
        #expect(abs(inner.value - expected) <= inner.error && inner.error < 1e-3)
    }

    @Test func noRowsHaveNormZero() {
        let empty = Matrix(FloatBuffer(count: 0), rows: 0, columns: 3)
        #expect(ProductNorm.squared(empty, empty, scratch: Arena()).norm.value == 0)
    }

    @Test(arguments: [Float.nan, .infinity], shapes)
    func aNonFiniteElementGivesANonFiniteNorm(value: Float, shape: (Int, Int, Int)) {
        var generator = SeededGenerator(seed: 12)
        let left = generator.matrix(rows: shape.0, columns: shape.1)
        let right = generator.matrix(rows: shape.0, columns: shape.2)
        right[1, 1] = value
        #expect(!ProductNorm.squared(left, right, scratch: Arena()).norm.value.isFinite)
    }

    /// Rows that are large and nearly alike, with partners that cancel: the true norm is that of what
    /// is left over, smaller by up to fifteen digits than the summands of its square.
    @Test(arguments: [(8, 12, 16), (33, 40, 24), (20, 700, 300), (70, 6, 9)])
    func theTruthLiesWithinTheBoundHoweverMuchCancels(shape: (Int, Int, Int)) {
        var generator = SeededGenerator(seed: 15)
        var missed = 0
        for exponent in stride(from: Float(0), through: 9, by: 1) {
            let left = generator.matrix(rows: shape.0, columns: shape.1)
            let right = generator.matrix(rows: shape.0, columns: shape.2)
            cancel(left, right, size: pow(10, exponent))
            let value = expected(left, right)
            let square = ProductNorm.squared(left, right, scratch: Arena())
            // What the test's own sum in Double may be off by.
            let own = 1e-15 * square.magnitude * square.magnitude
            #expect(abs(square.norm.value - value) <= square.norm.error + own)
            #expect(
                square.norm.error <= 0x1p-7 * (value + square.magnitude * square.magnitude / 512)
            )
            let ghost = self.ghost(left, right)
            #expect(abs(ghost.value - value) <= ghost.error + own)
            let product = ProductNorm.materialized(left, right, square.magnitude, Arena())
            #expect(abs(product.value - value) <= product.error + own)
            missed += abs(ghost.value - value) > 0.1 * value ? 1 : 0
        }
        // The control: in single precision most of these norms are far off.
        #expect(missed >= 4)
    }

    /// Every second row of `left` is nearly the one before it, and that of `right` its negative.
    private func cancel(_ left: Matrix, _ right: Matrix, size: Float) {
        for row in stride(from: 1, to: left.rows, by: 2) {
            for column in 0..<left.columns {
                let common = left[row - 1, column] * size
                left[row - 1, column] = common
                left[row, column] += common
            }
            for column in 0..<right.columns { right[row, column] = -right[row - 1, column] }
        }
    }

    /// One product for each path of the kernel: whole tiles, odd rows, and every rest of columns.
    @Test(arguments: [1, 15, 16, 17, 255, 257, 511, 513, 1100])
    func productsOfRowsAreWithinTheirBoundAndDoNotDependOnOtherRows(width: Int) {
        var generator = SeededGenerator(seed: 16)
        let a = generator.matrix(rows: 7, columns: width, gap: 3)
        let b = generator.matrix(rows: 5, columns: width)
        let scratch = Arena()
        let both = RowProducts(a, b, scratch: scratch)
        let gram = RowProducts(gramOf: a, norms: a.rowNorms, scratch: scratch)
        let bound = RowProducts.roundingBound(width)
        for row in 0..<7 {
            let alone = RowProducts(a.rows(row..<row + 1), b, scratch: scratch)
            for other in 0..<5 {
                let truth = a.rows(row..<row + 1).dot(b.rows(other..<other + 1))
                let sizes = both.rowNorms[row] * both.columnNorms[other]
                #expect(abs(Double(both.products[row, other]) - truth) <= bound * sizes)
                #expect(alone.products[0, other] == both.products[row, other])
            }
            for other in 0...row {
                let truth = a.rows(row..<row + 1).dot(a.rows(other..<other + 1))
                let sizes = gram.rowNorms[row] * gram.rowNorms[other]
                #expect(abs(Double(gram.products[row, other]) - truth) <= bound * sizes)
            }
        }
    }
}
