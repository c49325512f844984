import Foundation
import TestData
import Testing

@testable import Kernels

/// RMS norm, rotary positions and gated activations against formulas in double precision.
@Suite struct DecoderKernelTests {
    private static let widths = [1, 2, 16, 33, 576]

    private func isClose(_ value: Float, _ expected: Double, _ scale: Double = 1) -> Bool {
        abs(Double(value) - expected) <= 4e-6 * max(scale, abs(expected))
    }

    @Test(arguments: widths)
    func rmsNormAndItsGradientAgreeWithTheFormula(width: Int) {
        var generator = SeededGenerator(seed: 5)
        let rows = 3
        let (x, g) = (
            generator.matrix(rows: rows, columns: width),
            generator.matrix(rows: rows, columns: width)
        )
        let (scale, residual) = (
            generator.matrix(rows: 1, columns: width), generator.matrix(rows: rows, columns: width)
        )
        let (z, y, d) = (
            generator.matrix(rows: rows, columns: width),
            generator.matrix(rows: rows, columns: width),
            generator.matrix(rows: rows, columns: width)
        )
        let root = generator.matrix(rows: rows, columns: 1)
        RMSNorm.forward(x, scale: scale, epsilon: 1e-5, normalized: z, inverseRoot: root, output: y)
        RMSNorm.backward(
            outputGradient: g,
            normalized: z,
            inverseRoot: root,
            scale: scale,
            residualGradient: residual,
            into: d
        )
        let sum = generator.matrix(rows: 1, columns: width)
        sum.fill(with: 0)
        RMSNorm.addScaleGradient(outputGradient: g, normalized: z, to: sum)
        var sums = [Double](repeating: 0, count: width)
        for row in 0..<rows {
            let values = (0..<width).map { Double(x[row, $0]) }
            let squares = values.reduce(0) { $0 + $1 * $1 }
            let r = 1 / (squares / Double(width) + 1e-5).squareRoot()
            let h = (0..<width).map { Double(g[row, $0]) * Double(scale[0, $0]) }
            let slope = zip(h, values).reduce(0) { $0 + $1.0 * $1.1 } * r / Double(width)
            for i in 0..<width {
                #expect(isClose(y[row, i], values[i] * r * Double(scale[0, i])))
                let expected = Double(residual[row, i]) + r * (h[i] - values[i] * r * slope)
                #expect(isClose(d[row, i], expected, 4))
                sums[i] += Double(g[row, i]) * values[i] * r
            }
        }
        for i in 0..<width { #expect(isClose(sum[0, i], sums[i], 4)) }
        RMSNorm.scaled(z, scale: scale, into: d)
        #expect(d.values == y.values)
        z.fill(with: .nan)
        RMSNorm.scaled(z, scale: scale, factor: 0, into: z)
        #expect(z.values.allSatisfy { $0 == 0 })
    }

    @Test func rotationTurnsPairsOfHalvesAndBack() {
        var generator = SeededGenerator(seed: 6)
        let frequencies = [1, 0.1, 0.003]
        let positions: [Int32] = [0, 7, 100_000]
        let angles = generator.matrix(rows: 3, columns: 6)
        Rotation.fill(angles, positions: positions, frequencies: frequencies)
        let heads = generator.matrix(rows: 3, columns: 12, gap: 4)
        let before = heads.values
        Rotation.turn(heads, angles: angles)
        for row in 0..<3 {
            for head in 0..<2 {
                for i in 0..<3 {
                    let angle = Double(positions[row]) * frequencies[i]
                    let place = row * 12 + head * 6 + i
                    let (a, b) = (Double(before[place]), Double(before[place + 3]))
                    let (x, y) = (heads[row, head * 6 + i], heads[row, head * 6 + i + 3])
                    #expect(isClose(x, a * cos(angle) - b * sin(angle)))
                    #expect(isClose(y, b * cos(angle) + a * sin(angle)))
                }
            }
        }
        #expect(heads.values[0..<12] == before[0..<12])
        Rotation.turn(heads, angles: angles, isBackward: true)
        #expect(zip(heads.values, before).allSatisfy { isClose($0, Double($1)) })
    }

    @Test(arguments: [GatedActivation.silu, .gelu])
    func gatedActivationsAndTheirGradientsAgreeWithTheFormula(activation: GatedActivation) {
        func a(_ x: Double) -> Double {
            guard activation == .gelu else { return x / (1 + exp(-x)) }
            return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
        let gates: [Float] = [-200, -30, -9, -2.5, -0.7, 0, 0.3, 1, 4, 11, 25, 3e4, 1e30]
        let width = gates.count
        var generator = SeededGenerator(seed: 7)
        let both = generator.matrix(rows: 2, columns: 2 * width)
        for row in 0..<2 { for i in 0..<width { both[row, i] = gates[i] } }
        let before = both.values
        let (output, g) = (
            generator.matrix(rows: 2, columns: width), generator.matrix(rows: 2, columns: width)
        )
        activation.forward(both, into: output)
        activation.backward(both, outputGradient: g)
        for row in 0..<2 {
            for i in 0..<width {
                let x = Double(gates[i])
                let up = Double(before[row * 2 * width + width + i])
                let step = 1e-5
                let slope =
                    abs(x) > 100 ? (x > 0 ? 1 : 0) : (a(x + step) - a(x - step)) / (2 * step)
                #expect(isClose(output[row, i], a(x) * up))
                #expect(isClose(both[row, i], Double(g[row, i]) * up * slope))
                #expect(isClose(both[row, width + i], Double(g[row, i]) * a(x)))
            }
        }
    }

    /// Three query heads on one key and value are three heads whose key and value are equal; what
    /// comes back to these adds up.
    @Test(arguments: [5, 64, 131])
    func sharedKeysTakeUpTheGradientsOfTheirQueries(time: Int) {
        let (headWidth, group) = (4, 3)
        var generator = SeededGenerator(seed: 8)
        let shared = generator.matrix(rows: time, columns: (group + 2) * headWidth)
        let apart = generator.matrix(rows: time, columns: 3 * group * headWidth)
        for head in 0..<group {
            let columns = head * headWidth..<(head + 1) * headWidth
            apart.columns(columns).copy(from: shared.columns(columns))
            for part in 0..<2 {
                let target = ((part + 1) * group + head) * headWidth
                let source = (group + part) * headWidth
                apart.columns(target..<target + headWidth)
                    .copy(from: shared.columns(source..<source + headWidth))
            }
        }
        let upstream = generator.matrix(rows: time, columns: group * headWidth)
        func scratch() -> Matrix {
            let count = CausalAttention.scratchCount(time: time, headWidth: headWidth)
            let matrix = Arena().matrix(rows: 1, columns: count)
            matrix.fill(with: .nan)
            return matrix
        }
        let memory = scratch()
        for head in 0..<group {
            let rows = upstream.columns(head * headWidth..<(head + 1) * headWidth)
            CausalAttention.backward(
                .init(shared, head: head, headWidth: headWidth, groupSize: group),
                outputGradient: rows,
                isFirst: head == 0,
                isLast: head == group - 1,
                scratch: memory
            )
            CausalAttention.backward(
                .init(apart, head: head, headWidth: headWidth),
                outputGradient: rows,
                scratch: scratch()
            )
        }
        for row in 0..<time {
            for column in 0..<group * headWidth {
                #expect(shared[row, column] == apart[row, column])
            }
            for column in 0..<2 * headWidth {
                let (part, place) = (column / headWidth, column % headWidth)
                let sum = (0..<group).reduce(0.0) {
                    $0 + Double(apart[row, ((part + 1) * group + $1) * headWidth + place])
                }
                #expect(isClose(shared[row, group * headWidth + column], sum, 3))
            }
        }
    }
}
