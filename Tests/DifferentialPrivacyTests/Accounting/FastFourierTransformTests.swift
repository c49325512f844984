import Foundation
import TestData
import Testing

@testable import DifferentialPrivacy

@Suite struct FastFourierTransformTests {
    @Test(arguments: [1, 2, 8, 128])
    func equalsTheDefiningSum(count: Int) {
        var random = SeededGenerator(seed: 5)
        let input = (0..<count).map { _ in (random.uniform(-1, 1), random.uniform(-1, 1)) }
        var real = input.map(\.0)
        var imaginary = input.map(\.1)
        let transform = FastFourierTransform(count: count)
        transform.forward(&real, &imaginary)
        let scale = input.reduce(0) { $0 + abs($1.0) + abs($1.1) }
        for j in 0..<count {
            var (a, b) = (0.0, 0.0)
            for k in 0..<count {
                let angle = -2 * Double.pi * Double(j * k % count) / Double(count)
                a += input[k].0 * cos(angle) - input[k].1 * sin(angle)
                b += input[k].0 * sin(angle) + input[k].1 * cos(angle)
            }
            // The stated bound, plus the rounding of the sum itself.
            let tolerance = (transform.relativeError + Double(count) * 0x1p-52) * scale
            #expect(abs(real[j] - a) <= tolerance && abs(imaginary[j] - b) <= tolerance)
        }
        transform.inverse(&real, &imaginary)
        for k in 0..<count { #expect(abs(real[k] - input[k].0) <= 1e-14 * Double(count)) }
    }
}
