import Foundation
import Kernels
import TestData
import Testing

@Suite struct GaussianTransformTests {
    /// Words whose upper 53 bits are the given integers.
    private func words(_ uniforms: [UInt64]) -> [UInt64] { uniforms.map { $0 << 11 | 0x5a5 } }

    private func expected(_ first: UInt64, _ second: UInt64) -> (Double, Double) {
        let u = Double(first + 1) * 0x1p-53
        // The angle in [-1/8, 1/8] turns and its quadrant: Foundation's own reduction of
        // 2πv would add 1e-16·2π to the comparison.
        let v = Double(second) * 0x1p-53
        let quadrant = (4 * v).rounded(.toNearestOrEven)
        let angle = 2 * Double.pi * (v - quadrant / 4)
        let radius = (-2 * log(u)).squareRoot()
        switch Int(quadrant) % 4 {
        case 0: return (radius * cos(angle), radius * sin(angle))
        case 1: return (-radius * sin(angle), radius * cos(angle))
        case 2: return (-radius * cos(angle), -radius * sin(angle))
        default: return (radius * sin(angle), -radius * cos(angle))
        }
    }

    @Test func agreesWithFoundationWithin1e14() {
        let top: UInt64 = 1 << 53
        var uniforms: [UInt64] = []
        for value in [
            0, 1, 2, top - 1, top - 2, top / 2, top / 4, top / 8, 3 * top / 8, 7 * top / 8,
        ] {
            for other in [0, 1, top - 1, top / 8, top / 4, top / 2 + 1, 3 * top / 4, 7 * top / 8] {
                uniforms += [value, other]
            }
        }
        var generator = SeededGenerator(seed: 3)
        uniforms += (0..<20_000).map { _ in generator.next() >> 11 }
        let normals = GaussianTransform.normals(words: words(uniforms), count: uniforms.count)
        for pair in 0..<uniforms.count / 2 {
            let (cosine, sine) = expected(uniforms[2 * pair], uniforms[2 * pair + 1])
            let radius = max(abs(cosine), abs(sine))
            #expect(abs(normals[2 * pair] - cosine) <= 1e-14 * radius)
            #expect(abs(normals[2 * pair + 1] - sine) <= 1e-14 * radius)
        }
    }

    @Test func largestAndSmallestWordsStayFinite() {
        let normals = GaussianTransform.normals(words: [0, 0, .max, .max], count: 4)
        // u = 2⁻⁵³ gives √(106·ln 2) = 8.5717; u = 1 gives 0.
        #expect(abs(normals[0] - (106 * log(2.0)).squareRoot()) < 1e-13)
        #expect(normals[2] == 0 && normals[3] == 0)
    }

    @Test(arguments: [0, 1, 2, 7, 33])
    func addsScaledNormalsWithOneRounding(count: Int) {
        var generator = SeededGenerator(seed: 5)
        let words = (0..<GaussianTransform.wordCount(for: count)).map { _ in generator.next() }
        let normals = GaussianTransform.normals(words: words, count: count)
        let target = FloatBuffer([Float](repeating: 0.75, count: count + 2))
        GaussianTransform.add(words: words, scale: 3, to: target, in: 1..<count + 1)
        for index in 0..<count {
            let exact = 0.75 + 3 * normals[index]
            // One rounding to float; a fused multiply-add may move the double by half a unit.
            #expect(abs(Double(target[index + 1]) - exact) <= abs(exact) * 0x1p-23)
        }
        #expect(target[0] == 0.75 && target[count + 1] == 0.75)
    }

    @Test func momentsAreThoseOfANormal() {
        var generator = SeededGenerator(seed: 11)
        let count = 1_000_000
        let normals = GaussianTransform.normals(
            words: (0..<count).map { _ in generator.next() },
            count: count
        )
        let moments = (1...4).map { power in
            normals.reduce(0) { $0 + pow($1, Double(power)) } / Double(count)
        }
        // Six standard errors: √1, √2, √15, √96 over 1000.
        #expect(abs(moments[0]) < 0.006)
        #expect(abs(moments[1] - 1) < 0.0085)
        #expect(abs(moments[2]) < 0.0233)
        #expect(abs(moments[3] - 3) < 0.0588)
    }
}
