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

    @Test(arguments: [(1, 4, 4), (2, 9, 5), (31, 16, 48), (100, 8, 12), (300, 20, 3)])
    func bothWaysAgreeWithTheProductInDouble(rows: Int, m: Int, n: Int) {
        var generator = SeededGenerator(seed: 9)
        let left = generator.matrix(rows: rows, columns: m)
        let right = generator.matrix(rows: rows, columns: n)
        let value = expected(left, right)
        let scratch = Arena()
        // Single-precision Gram matrices of up to 300 rows.
        #expect(abs(ProductNorm.ghost(left, right, scratch) - value) < 1e-5 * value)
        #expect(abs(ProductNorm.materialized(left, right, scratch) - value) < 1e-5 * value)
        #expect(abs(ProductNorm.squared(left, right, scratch: scratch) - value) < 1e-5 * value)
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
        let norm = ProductNorm.squared(left, right, scratch: Arena())
        #expect(abs(norm - value) < 1e-5 * value)
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
        let norm = ProductNorm.squared(left, right, scratch: Arena())
        #expect(abs(norm - value) < 1e-5 * value)
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
        #expect(abs(inner - expected) < 1e-4)
    }

    @Test func noRowsHaveNormZero() {
        let empty = Matrix(FloatBuffer(count: 0), rows: 0, columns: 3)
        #expect(ProductNorm.squared(empty, empty, scratch: Arena()) == 0)
    }

    @Test(arguments: [Float.nan, .infinity], shapes)
    func aNonFiniteElementGivesANonFiniteNorm(value: Float, shape: (Int, Int, Int)) {
        var generator = SeededGenerator(seed: 12)
        let left = generator.matrix(rows: shape.0, columns: shape.1)
        let right = generator.matrix(rows: shape.0, columns: shape.2)
        right[1, 1] = value
        #expect(!ProductNorm.squared(left, right, scratch: Arena()).isFinite)
    }
}
