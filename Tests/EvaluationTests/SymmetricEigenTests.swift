import Kernels
import SeededRandomness
import Testing

@testable import Evaluation

@Suite struct SymmetricEigenTests {
    private func gram(order: Int) -> DoubleMatrix {
        var generator = SplitMix64(seed: 5, stream: 0)
        let rows = DoubleMatrix(
            rows: order + 3,
            columns: order,
            values: (0..<(order + 3) * order).map { _ in
                Double.random(in: -1...1, using: &generator)
            }
        )
        var sum = DoubleMatrix(rows: order, columns: order)
        rows.addGram(to: &sum)
        for row in 0..<order { for column in 0..<row { sum[column, row] = sum[row, column] } }
        return sum
    }

    /// Rounding of products of 40 terms of size 10: 1e-12 leaves a factor of a hundred.
    @Test func vectorsAreOrthonormalAndReproduceTheMatrix() throws {
        let matrix = gram(order: 40)
        let spectrum = try #require(SymmetricEigen(matrix))
        #expect(spectrum.values == spectrum.values.sorted())
        for index in 0..<40 {
            let vector = (0..<40).map { spectrum.vectors[index, $0] }
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
            for row in 0..<40 {
                let image = (0..<40).reduce(0.0) { $0 + matrix[row, $1] * vector[$1] }
                #expect(abs(image - spectrum.values[index] * vector[row]) < 1e-11)
            }
        }
    }

    @Test func theSquareRootSquaredIsTheMatrix() throws {
        let matrix = gram(order: 24)
        let root = try #require(SymmetricEigen(matrix)).squareRoot()
        for (value, expected) in zip(root.multiplied(by: root).values, matrix.values) {
            #expect(abs(value - expected) < 1e-11)
        }
    }

    @Test func valuesThatAreNotFiniteHaveNoSpectrum() {
        #expect(SymmetricEigen(DoubleMatrix(rows: 1, columns: 1, values: [.nan])) == nil)
        #expect(SymmetricEigen(DoubleMatrix(rows: 0, columns: 0))?.values == [])
    }
}
