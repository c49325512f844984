import Kernels
import TestData
import Testing

@Suite struct GenerationKernelTests {
    private static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &generator) }
        return Matrix(FloatBuffer(values), rows: rows, columns: columns)
    }

    private static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(FloatBuffer(count: rows * columns), rows: rows, columns: columns)
    }

    @Test(arguments: [1, 2, 5, 13, 14, 40], [(7, 1), (16, 32), (33, 45), (100, 97)])
    func packedProductsEqualTheirDefinition(rows: Int, shape: (inner: Int, columns: Int)) {
        let input = Self.random(rows, shape.inner, seed: 1)
        let weight = Self.random(shape.inner, shape.columns, seed: 2)
        let bias = Self.random(1, shape.columns, seed: 3)
        let packed = PackedMatrix(packing: weight)
        let output = Self.random(rows, shape.columns, seed: 4)
        let before = output.values
        packed.multiply(
            input,
            bias: bias,
            .add,
            into: output,
            parallel: ParallelFor(threadCount: 2)
        )
        let stored = Self.zeros(rows, shape.columns)
        packed.multiply(input, bias: nil, into: stored, parallel: ParallelFor(threadCount: 1))
        let activated = Self.zeros(rows, shape.columns)
        packed.multiply(
            input,
            bias: bias,
            .gelu,
            into: activated,
            parallel: ParallelFor(threadCount: 1)
        )
        var largest = 0.0
        for row in 0..<rows {
            for column in 0..<shape.columns {
                var sum = 0.0
                for k in 0..<shape.inner {
                    sum += Double(input[row, k]) * Double(weight[k, column])
                }
                largest = max(largest, abs(Double(stored[row, column]) - sum))
                sum += Double(bias[0, column])
                let plain = Matrix(FloatBuffer([Float(sum)]), rows: 1, columns: 1)
                GELU.forward(plain, into: plain)
                largest = max(largest, abs(Double(activated[row, column]) - Double(plain[0, 0])))
                sum += Double(before[row * shape.columns + column])
                largest = max(largest, abs(Double(output[row, column]) - sum))
            }
        }
        // Chains of at most 100 Float32 multiply-adds of numbers up to 1.
        #expect(largest < 2e-5)
    }

    @Test func aRowsBitsDoNotDependOnItsBatchOrThreads() {
        let input = Self.random(40, 50, seed: 1)
        let packed = PackedMatrix(packing: Self.random(77, 50, seed: 2), transposed: true)
        let all = Self.zeros(40, 77)
        packed.multiply(input, bias: nil, into: all, parallel: ParallelFor(threadCount: 3))
        for count in [1, 3, 13, 27] {
            let some = Self.zeros(count, 77)
            packed.multiply(
                input.rows(5..<5 + count),
                bias: nil,
                into: some,
                parallel: ParallelFor(threadCount: 1)
            )
            #expect(some.values == all.rows(5..<5 + count).values)
        }
    }
}
