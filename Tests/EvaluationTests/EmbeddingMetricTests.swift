import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Evaluation

@Suite struct EmbeddingMetricTests {
    private let parallel = ParallelFor(threadCount: 2)

    private func embeddings(_ rows: [[Float]]) -> Embeddings {
        Embeddings(
            values: FloatBuffer(rows.flatMap { $0 }),
            count: rows.count,
            dimension: rows.first?.count ?? 1
        )
    }

    /// scipy's matrix root of the product; both in Double, so 1e-9 relative is rounding.
    @Test func frechetDistanceEqualsScipys() throws {
        let fixture = try ReferenceFixture.load()
        let distance = try FrechetDistance.between(
            embeddings(fixture.p),
            embeddings(fixture.q),
            parallel: parallel
        )
        #expect(abs(distance / fixture.frechet - 1) < 1e-9)
    }

    @Test func frechetDistanceOfShiftedCopiesIsTheSquaredShift() throws {
        let rows = try ReferenceFixture.load().p
        let moved = rows.map { $0.map { $0 + 0.5 } }
        let distance = try FrechetDistance.between(
            embeddings(rows),
            embeddings(moved),
            parallel: parallel
        )
        // Twelve dimensions moved by one half each; Float storage rounds to 1e-7 of values near 4.
        #expect(abs(distance - 3) < 1e-5)
        #expect(
            try FrechetDistance.between(
                embeddings(rows),
                embeddings(rows),
                parallel: parallel
            ) < 1e-9
        )
    }

    /// Counts of points, so equality holds unless a Float distance lies within rounding of a radius.
    @Test func precisionAndRecallEqualScikitLearns() throws {
        let fixture = try ReferenceFixture.load()
        let coverage = try #require(
            try NeighborhoodCoverage(
                real: embeddings(fixture.p),
                synthetic: embeddings(fixture.q),
                parallel: parallel
            )
        )
        #expect(abs(coverage.precision - fixture.precision) < 1e-9)
        #expect(abs(coverage.recall - fixture.recall) < 1e-9)
        let f1 = 2 * fixture.precision * fixture.recall / (fixture.precision + fixture.recall)
        #expect(abs(coverage.f1 - f1) < 1e-9)
    }

    @Test func fewerTextsThanNeighboursHaveNoCoverage() throws {
        let few = embeddings([[0, 1], [1, 0], [1, 1]])
        #expect(try NeighborhoodCoverage(real: few, synthetic: few, parallel: parallel) == nil)
        #expect(try Mauve.score(few, few, seed: 1, parallel: parallel) == nil)
    }

    @Test func identicalTextsAreCoveredThoughTheirDistancesAreZero() throws {
        let same = embeddings([[Float]](repeating: [3, 4], count: 6))
        let coverage = try #require(
            try NeighborhoodCoverage(real: same, synthetic: same, parallel: parallel)
        )
        #expect(coverage.precision == 1 && coverage.recall == 1 && coverage.f1 == 1)
    }

    /// Means over 8 seeds here and 40 of mauve-text differ by less than 4 standard errors.
    @Test func mauveAgreesWithMauveTextWithinItsSeedSpread() throws {
        let fixture = try ReferenceFixture.load()
        let p = embeddings(fixture.p)
        let q = embeddings(fixture.q)
        let scores = try (0..<8).compactMap {
            try Mauve.score(p, q, seed: UInt64($0), parallel: parallel)
        }
        let expected = fixture.mauve.reduce(0, +) / 40
        let spread = (fixture.mauve.reduce(0) { $0 + pow($1 - expected, 2) } / 39).squareRoot()
        let mean = scores.reduce(0, +) / 8
        #expect(abs(mean - expected) < 4 * spread * (1 / 8.0 + 1 / 40.0).squareRoot())
        for score in scores { #expect(abs(score - expected) < 4 * spread) }
    }

    @Test func mauveOfEqualHistogramsIsOneAndOfDisjointOnesNearZero() {
        #expect(abs(Mauve.area([0.5, 0.5], [0.5, 0.5]) - 1) < 1e-12)
        // Disjoint: the curve is (λ^5, (1 − λ)^5), area ∫ 5 λ^4 (1 − λ)^5 dλ = 1/252, plus the
        // trapezoids' error at 25 points.
        #expect(abs(Mauve.area([1, 0], [0, 1]) - 1.0 / 252) < 5e-4)
    }

    @Test func metricsDoNotDependOnTheNumberOfThreads() throws {
        let fixture = try ReferenceFixture.load()
        let p = embeddings(fixture.p)
        let q = embeddings(fixture.q)
        let one = ParallelFor(threadCount: 1)
        #expect(
            try Mauve.score(p, q, seed: 3, parallel: one)
                == Mauve.score(p, q, seed: 3, parallel: parallel)
        )
        #expect(
            try FrechetDistance.between(p, q, parallel: one)
                == FrechetDistance.between(p, q, parallel: parallel)
        )
    }

    @Test func hashedVectorsAreCloserForTextsThatShareWords() throws {
        let vectors = try HashedTextEmbedder().embed(
            ["a cat on the mat", "the cat on a mat", "stock prices fell", ""],
            parallel: parallel
        )
        func product(_ i: Int, _ j: Int) -> Float {
            zip(vectors.row(i), vectors.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(product(0, 0) - 1) < 1e-5)
        #expect(product(0, 1) > 0.6)
        #expect(abs(product(0, 2)) < 0.4)
        #expect(vectors.row(3).allSatisfy { $0 == 0 })
    }
}
