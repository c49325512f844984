import Foundation
import TestData
import Testing

@testable import Kernels

/// Attention against loops in double precision, below, at and above a block of 128 queries.
@Suite struct CausalAttentionTests {
    private static let times = [1, 2, 64, 65, 128, 129, 200, 257]
    private static let headWidth = 20

    /// One head's rows and what comes back to its output.
    private struct Problem {
        let projections: Matrix
        let upstream: Matrix

        init(time: Int) {
            var generator = SeededGenerator(seed: UInt64(time))
            let width = 2 * CausalAttentionTests.headWidth
            projections = generator.matrix(rows: time, columns: 3 * width, gap: 3)
            upstream = generator.matrix(
                rows: time,
                columns: CausalAttentionTests.headWidth,
                gap: 5
            )
        }

        var head: CausalAttention.Projections {
            CausalAttention.Projections(
                projections,
                head: 1,
                headWidth: CausalAttentionTests.headWidth
            )
        }

        func scratch() -> Matrix {
            let count = CausalAttention.scratchCount(
                time: projections.rows,
                headWidth: CausalAttentionTests.headWidth
            )
            let matrix = Arena().matrix(rows: 1, columns: count)
            matrix.fill(with: .nan)
            return matrix
        }
    }

    /// The same, written down as it is defined.
    private struct Twin {
        let output, query, key, value: [[Double]]

        init(_ problem: Problem) {
            let head = problem.head
            let (time, width) = (problem.projections.rows, CausalAttentionTests.headWidth)
            let scale = 1 / Double(width).squareRoot()
            func rows(_ matrix: Matrix) -> [[Double]] {
                (0..<time).map { row in (0..<width).map { Double(matrix[row, $0]) } }
            }
            func dot(_ a: [Double], _ b: [Double]) -> Double {
                zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let (q, k, v) = (rows(head.query), rows(head.key), rows(head.value))
            let upstream = rows(problem.upstream)
            let zeros = [[Double]](repeating: [Double](repeating: 0, count: width), count: time)
            var (output, dq, dk, dv) = (zeros, zeros, zeros, zeros)
            for t in 0..<time {
                let scores = (0...t).map { scale * dot(q[t], k[$0]) }
                let largest = scores.max() ?? 0
                let weights = scores.map { exp($0 - largest) }
                let sum = weights.reduce(0, +)
                let p = weights.map { $0 / sum }
                for s in 0...t { for i in 0..<width { output[t][i] += p[s] * v[s][i] } }
                // ∂L/∂score = p ⊙ (⟨upstream, v⟩ − Σ p ⟨upstream, v⟩)
                let received = (0...t).map { dot(upstream[t], v[$0]) }
                let mean = dot(p, received)
                for s in 0...t {
                    let slope = scale * p[s] * (received[s] - mean)
                    for i in 0..<width {
                        dq[t][i] += slope * k[s][i]
                        dk[s][i] += slope * q[t][i]
                        dv[s][i] += p[s] * upstream[t][i]
                    }
                }
            }
            (self.output, query, key, value) = (output, dq, dk, dv)
        }
    }

    private func difference(_ matrix: Matrix, _ expected: [[Double]]) -> Double {
        var largest = 0.0
        for (row, values) in expected.enumerated() {
            for (column, value) in values.enumerated() {
                let error = abs(Double(matrix[row, column]) - value)
                largest = error <= largest ? largest : error.isNaN ? .infinity : error
            }
        }
        return largest
    }

    @Test(arguments: times)
    func bothPassesAgreeWithLoopsInDouble(time: Int) {
        let problem = Problem(time: time)
        let twin = Twin(problem)
        let output = Arena().matrix(rows: time, columns: Self.headWidth)
        CausalAttention.forward(problem.head, into: output, scratch: problem.scratch())
        // Rows sum to 1 and elements are below 1: a few roundings of 2⁻²⁴ each.
        #expect(difference(output, twin.output) < 2e-6)
        CausalAttention.backward(
            problem.head,
            outputGradient: problem.upstream,
            scratch: problem.scratch()
        )
        // Sums of up to `time` terms below 1.
        let tolerance = 1e-6 * Double(time).squareRoot() + 4e-6
        #expect(difference(problem.head.query, twin.query) < tolerance)
        #expect(difference(problem.head.key, twin.key) < tolerance)
        #expect(difference(problem.head.value, twin.value) < tolerance)
    }

    @Test(arguments: times.filter { $0 <= CausalAttention.longestKept })
    func keptProbabilitiesGiveTheSameBits(time: Int) {
        let (with, without) = (Problem(time: time), Problem(time: time))
        let kept = Arena().matrix(rows: time, columns: time)
        let output = Arena().matrix(rows: time, columns: Self.headWidth)
        CausalAttention.forward(with.head, into: output, keeping: kept, scratch: with.scratch())
        CausalAttention.backward(
            with.head,
            outputGradient: with.upstream,
            kept: kept,
            scratch: with.scratch()
        )
        CausalAttention.backward(
            without.head,
            outputGradient: without.upstream,
            scratch: without.scratch()
        )
        #expect(with.projections.values.elementsEqual(without.projections.values) { $0 == $1 })
    }
}
