import Foundation
import TestData
import Testing

@testable import Kernels

/// Attention without gradients against its definition in double precision.
@Suite struct InferenceAttentionTests {
    /// softmax(q·Kᵀ/√d)·V of one query over the first `count` positions.
    private func attended(
        _ query: Int,
        over count: Int,
        _ head: (query: Matrix, key: Matrix, value: Matrix)
    ) -> [Double] {
        let width = head.query.columns
        let scores = (0..<count).map { position in
            (0..<width).reduce(0.0) {
                $0 + Double(head.query[query, $1]) * Double(head.key[position, $1])
            } / Double(width).squareRoot()
        }
        let weights = scores.map { exp($0 - (scores.max() ?? 0)) }
        let total = weights.reduce(0, +)
        return (0..<width).map { column in
            (0..<count).reduce(0.0) {
                $0 + weights[$1] / total * Double(head.value[$1, column])
            }
        }
    }

    @Test(arguments: [1, 2, 17, 64, 130], [4, 32])
    func allPositionsSeeAll(time: Int, headWidth: Int) {
        var generator = SeededGenerator(seed: 1)
        let head = (
            query: generator.matrix(rows: time, columns: headWidth, gap: 3),
            key: generator.matrix(rows: time, columns: headWidth, gap: 3),
            value: generator.matrix(rows: time, columns: headWidth, gap: 3)
        )
        let output = generator.matrix(rows: time, columns: headWidth, gap: 2)
        FullAttention.forward(
            query: head.query,
            key: head.key,
            value: head.value,
            into: output,
            scratch: generator.matrix(rows: time, columns: time)
        )
        for row in 0..<time {
            for (column, expected) in attended(row, over: time, head).enumerated() {
                // Weighted means of numbers up to 1, in single precision.
                #expect(abs(Double(output[row, column]) - expected) < 2e-6)
            }
        }
    }

    /// Tokens one after another, below, at and above a block of 16 positions; one head at a time.
    @Test(arguments: [1, 15, 16, 17, 50])
    func theCacheHoldsWhatCameBefore(time: Int) {
        let (heads, headWidth) = (3, 8)
        let width = heads * headWidth
        var generator = SeededGenerator(seed: 2)
        let projections = generator.matrix(rows: time, columns: 3 * width)
        let blocks =
            (time + CachedAttention.positionsPerBlock - 1) / CachedAttention.positionsPerBlock
        let positions = blocks * CachedAttention.positionsPerBlock
        let keys = generator.matrix(
            rows: blocks,
            columns: width * CachedAttention.positionsPerBlock
        )
        let values = generator.matrix(rows: positions, columns: width)
        let output = generator.matrix(rows: 1, columns: width)
        let weights = generator.matrix(rows: 1, columns: positions)
        for position in 0..<time {
            for head in 0..<heads {
                CachedAttention.attend(
                    projections.rows(position..<position + 1),
                    keys: keys,
                    values: values,
                    position: position,
                    heads: head..<head + 1,
                    headWidth: headWidth,
                    weights: weights,
                    into: output
                )
            }
            for head in 0..<heads {
                let own = CausalAttention.Projections(projections, head: head, headWidth: headWidth)
                let expected = attended(
                    position,
                    over: position + 1,
                    (own.query, own.key, own.value)
                )
                for (column, value) in expected.enumerated() {
                    let found = Double(output[0, head * headWidth + column])
                    #expect(abs(found - value) < 2e-6, "\(position), \(head)")
                }
            }
        }
    }

    @Test func exactGELUIsThatOfTheErrorFunction() {
        let inputs = (-1200...1200).map { Float($0) / 100 }
        let values = Matrix(FloatBuffer(inputs), rows: 1, columns: inputs.count)
        ExactGELU.apply(values)
        for (place, input) in inputs.enumerated() {
            let x = Double(input)
            let expected = 0.5 * x * erfc(-x / 2.0.squareRoot())
            // What the kernel's header states.
            #expect(abs(Double(values[0, place]) - expected) < 3e-7 * max(1, abs(x)), "\(x)")
        }
    }
}
