import Corpus
import DifferentialPrivacy
import Testing

@testable import PrivateEvolution

@Suite struct PlanTests {
    /// The noise that aug-pe's README states for ε = 1, 2, 4 at 10 iterations, δ = 1/(N ln N).
    ///
    /// Its figures are rounded to two places and, for Yelp at ε = 1, 0.4 % short.
    @Test(arguments: [
        (1_900_000, [15.34, 8.03, 4.24]), (8396, [11.60, 6.22, 3.38]),
        (75_316, [13.26, 7.01, 3.75]),
    ])
    func publishedNoiseIsReproduced(count: Int, published: [Double]) throws {
        let delta = 1 / (Double(count) * logarithm(Double(count)))
        for (epsilon, sigma) in zip([1.0, 2, 4], published) {
            let plan = try EvolutionPlan(
                settings: EvolutionSettings(iterations: 10, count: 100, classes: .weights([1])),
                unit: .record,
                budget: .limited(epsilon: epsilon, delta: delta),
                unitCount: count,
                sources: .test
            )
            #expect(abs(plan.noiseMultiplier / sigma - 1) < 0.004)
        }
    }

    /// ln by its series, to spare the tests a dependency: ln x = 2·artanh((x − 1)/(x + 1)) of the
    /// significand, and the exponent's share.
    private func logarithm(_ x: Double) -> Double {
        func series(_ y: Double) -> Double {
            let z = (y - 1) / (y + 1)
            return (0..<40).reduce(0.0) { sum, n in
                var power = z
                for _ in 0..<n { power *= z * z }
                return sum + 2 * power / Double(2 * n + 1)
            }
        }
        return series(x.significand) + Double(x.exponent) * series(2)
    }

    /// The PE library's image example: T = 20, σ = 5√2, δ = 1e-5 gives ε = 2.594.
    @Test func theImageExampleCostsWhatIsPublished() throws {
        let event = PrivacyEvent.repeated(
            .gaussian(noiseMultiplier: 5 * 2.0.squareRoot()),
            count: 20
        )
        let epsilon = try PrivacyAccounting.guarantee(of: event, delta: 1e-5).epsilon
        #expect(abs(epsilon - 2.594) < 5e-4)
    }

    @Test func classSizesArePartOfTheBudget() throws {
        var settings = EvolutionSettings(
            iterations: 9,
            count: 10,
            classes: .noisyHistogram(count: 4)
        )
        func sigma() throws -> Double {
            try EvolutionPlan(
                settings: settings,
                unit: .record,
                budget: .limited(epsilon: 2, delta: 1e-6),
                unitCount: 1000,
                sources: .test
            ).noiseMultiplier
        }
        let composed = try sigma()
        settings.classes = .weights([1, 1, 1, 1])
        settings.iterations = 10
        #expect(try sigma() == composed)
    }

    @Test func aDeltaThatReachesOneOverNIsRefused() {
        #expect(throws: PrivacyError.self) {
            try EvolutionPlan(
                settings: EvolutionSettings(iterations: 1, count: 1, classes: .weights([1])),
                unit: .record,
                budget: .limited(epsilon: 1, delta: 1e-3),
                unitCount: 1000,
                sources: .test
            )
        }
    }

    @Test func classesAreAllCombinationsOfLabelValues() throws {
        let labels = try LabelSet(
            columns: ["a", "b"],
            values: [["x", "y"], ["1", "2", "3"]]
        )
        let classes = try TextClasses(labels)
        #expect(classes.count == 6)
        for index in 0..<6 { #expect(classes.index(of: classes.labels(ofClass: index)) == index) }
        #expect(classes.line(ofClass: 5) == "y\t3")
        #expect(classes.index(of: [Array("x".utf8), Array("4".utf8)]) == nil)
        #expect(try TextClasses(nil).index(of: []) == 0)
    }
}
