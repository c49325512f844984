import CVectorMath
import Foundation
import Kernels
import TestData
import Testing

@Suite struct ElementwiseTests {
    private static let inputs: [Float] =
        (0..<40_000).map { Float($0 - 20_000) / 500 } + [0, -0.0, 1e-30, -1e-30, 1e30, -1e30]

    private func row(_ values: [Float]) -> Matrix {
        Matrix(FloatBuffer(values), rows: 1, columns: values.count)
    }

    private func gelu(_ x: Double) -> Double {
        0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    @Test func geluIsWithin2e6OfTheTanhForm() {
        let output = row(Self.inputs)
        GELU.forward(row(Self.inputs), into: output)
        for (x, y) in zip(Self.inputs, output.values) {
            // Left of −6 the tanh form itself cancels, so the bound there is absolute.
            #expect(abs(Double(y) - gelu(Double(x))) <= 2e-6 * max(abs(gelu(Double(x))), 1e-3))
        }
    }

    @Test func geluGradientAgreesWithItsFormula() {
        let gradient = row(Self.inputs)
        GELU.backward(gradient, outputGradient: row(Self.inputs.map { _ in 2 }))
        let root = (2 / Double.pi).squareRoot()
        for (x, g) in zip(Self.inputs.map(Double.init), gradient.values) {
            let t = tanh(root * (x + 0.044715 * x * x * x))
            let slope = abs(t) == 1 ? 0 : (1 - t * t) * root * (1 + 3 * 0.044715 * x * x)
            #expect(abs(Double(g) - (1 + t + x * slope)) <= 4e-6)
        }
    }

    @Test(arguments: [Float.nan, .infinity])
    func geluKeepsNonFiniteInputsVisible(value: Float) {
        let output = row([value, 1])
        GELU.forward(row([value, 1]), into: output)
        #expect(!output[0, 0].isFinite && output[0, 1].isFinite)
    }

    @Test func layerNormAgreesWithItsFormula() {
        var generator = SeededGenerator(seed: 4)
        let (rows, width) = (5, 37)
        let input = generator.matrix(rows: rows, columns: width)
        let scale = generator.matrix(rows: 1, columns: width)
        let shift = generator.matrix(rows: 1, columns: width)
        let normalized = generator.matrix(rows: rows, columns: width)
        let output = generator.matrix(rows: rows, columns: width)
        LayerNorm.forward(
            input,
            scale: scale,
            shift: shift,
            epsilon: 1e-5,
            normalized: normalized,
            inverseDeviation: generator.matrix(rows: rows, columns: 1),
            output: output
        )
        for row in 0..<rows {
            let x = (0..<width).map { Double(input[row, $0]) }
            let mean = x.reduce(0, +) / Double(width)
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            for column in 0..<width {
                let z = (x[column] - mean) / (variance + 1e-5).squareRoot()
                let y = z * Double(scale[0, column]) + Double(shift[0, column])
                #expect(abs(Double(normalized[row, column]) - z) < 2e-6)
                #expect(abs(Double(output[row, column]) - y) < 2e-6)
            }
        }
    }

    @Test(arguments: [1, 5, 16, 1000, 50_257])
    func crossEntropyAgreesWithDouble(vocabulary: Int) {
        var generator = SeededGenerator(seed: 6)
        let logits = generator.matrix(rows: 1, columns: vocabulary)
        logits.scale(by: 20)
        let values = logits.values.map(Double.init)
        let largest = values.max() ?? 0
        let total = largest + log(values.reduce(0) { $0 + exp($1 - largest) })
        let target = vocabulary / 2
        let expected = total - values[target]
        #expect(abs(CrossEntropy.loss(logits: logits, target: target) - expected) < 1e-6)
        let loss = CrossEntropy.backward(logits: logits, target: target, weight: 0.25)
        #expect(abs(loss - expected) < 1e-6)
        for (index, value) in values.enumerated() {
            let gradient = 0.25 * (exp(value - total) - (index == target ? 1 : 0))
            #expect(abs(Double(logits[0, index]) - gradient) < 2e-7)
        }
    }

    @Test func aWeightOfZeroGivesAnExactlyZeroGradient() {
        let logits = row([1, .nan, 3])
        _ = CrossEntropy.backward(logits: logits, target: 0, weight: 0)
        #expect(logits.values == [0, 0, 0])
    }

    @Test func sumsAndNormsAccumulateInDouble() {
        var generator = SeededGenerator(seed: 8)
        let a = generator.matrix(rows: 3, columns: 1001)
        let b = generator.matrix(rows: 3, columns: 1001)
        let norm = a.values.reduce(0) { $0 + Double($1) * Double($1) }
        let dot = zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(a.squaredNorm - norm) < 1e-12 * norm)
        #expect(abs(a.dot(b) - dot) < 1e-12 * norm)
        #expect(row([1e30, 1e30]).squaredNorm == 2 * Double(Float(1e30)) * Double(Float(1e30)))
        #expect(row([3e30, -4e30]).rowNorms[0] == row([3e30, -4e30]).squaredNorm.squareRoot())
    }

    @Test func scalingByZeroErasesNonFiniteElements() {
        let values = row([.nan, .infinity, 1])
        values.scale(by: 0)
        #expect(values.values == [0, 0, 0])
    }
}
