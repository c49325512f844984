import Foundation
import Kernels
import TestData
import Testing

@Suite struct AdamWUpdateTests {
    static func update(learningRate: Double, weightDecay: Double) -> AdamWUpdate {
        AdamWUpdate(
            learningRate: learningRate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weightDecay: weightDecay
        )
    }

    @Test func stepsAgreeWithTheFormulaInDouble() {
        var generator = SeededGenerator(seed: 21)
        let count = 37
        let update = Self.update(learningRate: 0.01, weightDecay: 0.1)
        let parameters = FloatBuffer(
            (0..<count).map { _ in .random(in: -1...1, using: &generator) }
        )
        let (first, second) = (FloatBuffer(count: count), FloatBuffer(count: count))
        var theta = parameters.values(0..<count).map(Double.init)
        var (m, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for step in 1...5 {
            let gradient = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
            update.apply(
                step: step,
                gradient: FloatBuffer(gradient),
                firstMoment: first,
                secondMoment: second,
                parameters: parameters,
                in: 0..<count
            )
            for index in 0..<count {
                let g = Double(gradient[index])
                m[index] = 0.9 * m[index] + 0.1 * g
                v[index] = 0.999 * v[index] + 0.001 * g * g
                let mean = m[index] / (1 - pow(0.9, Double(step)))
                let variance = v[index] / (1 - pow(0.999, Double(step)))
                theta[index] -= 0.01 * (mean / (variance.squareRoot() + 1e-8) + 0.1 * theta[index])
                // Float's β₂ = 0.999 is off by 1e-8 of 1e-3: 1e-5 relative in v̂ and the step.
                #expect(abs(Double(parameters[index]) - theta[index]) < 5e-6 * Double(step))
            }
        }
    }

    @Test func onlyTheRangeIsTouched() {
        let buffers = (0..<4).map { _ in FloatBuffer([1, 1, 1, 1]) }
        Self.update(learningRate: 0.1, weightDecay: 0).apply(
            step: 1,
            gradient: buffers[0],
            firstMoment: buffers[1],
            secondMoment: buffers[2],
            parameters: buffers[3],
            in: 1..<3
        )
        #expect(buffers[3][0] == 1 && buffers[3][1] != 1 && buffers[3][2] != 1)
        #expect(buffers[3][3] == 1)
    }
}
