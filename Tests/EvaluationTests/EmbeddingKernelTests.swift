import Kernels
import LanguageModel
import SeededRandomness
import TestData
import Testing

@testable import Evaluation

/// Distances, covariance and components of embeddings against their definitions in Double.
@Suite struct EmbeddingKernelTests {
    private let parallel = ParallelFor(threadCount: 2)

    /// More rows than one block of any of them; the first directions vary most.
    private static func embeddings(_ count: Int, seed: UInt64) -> Embeddings {
        var generator = SeededGenerator(seed: seed)
        let dimension = 7
        let values = (0..<count * dimension).map { place in
            Float(generator.uniform(-1, 1)) * Float(4 >> (place % dimension / 2)) + 0.5
        }
        return Embeddings(values: FloatBuffer(values), count: count, dimension: dimension)
    }

    private static func rows(_ embeddings: Embeddings) -> [[Double]] {
        (0..<embeddings.count).map { row in
            (0..<embeddings.dimension).map { Double(embeddings.matrix[row, $0]) }
        }
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    @Test func distancesAreThoseOfTheirDefinition() {
        let (first, second) = (Self.embeddings(300, seed: 1), Self.embeddings(41, seed: 2))
        let (x, y) = (Self.rows(first), Self.rows(second))
        let distances = SquaredDistances(from: first, to: second)
        var seen = 0
        for block in 0..<distances.blockCount {
            distances.forEachRow(of: block) { row, found in
                seen += 1
                for other in y.indices {
                    // Single precision, distances below 200.
                    #expect(abs(Double(found[other]) - Self.distance(x[row], y[other])) < 1e-4)
                }
            }
        }
        #expect(seen == 300)
    }

    @Test func covarianceIsThatOfItsDefinition() throws {
        let embeddings = Self.embeddings(2_500, seed: 3)
        let rows = Self.rows(embeddings)
        let covariance = try Covariance(embeddings, parallel: parallel)
        let mean = (0..<7).map { column in rows.reduce(0) { $0 + $1[column] } / 2_500 }
        for a in 0..<7 {
            #expect(abs(covariance.mean[a] - mean[a]) < 1e-12)
            for b in 0..<7 {
                let expected =
                    rows.reduce(0) { $0 + ($1[a] - mean[a]) * ($1[b] - mean[b]) } / 2_499
                #expect(abs(covariance.matrix[a, b] - expected) < 1e-11)
            }
        }
    }

    @Test func componentsAreOrthonormalAndHoldTheVarianceTheyState() throws {
        let embeddings = Self.embeddings(600, seed: 4)
        let found = try PrincipalComponents(embeddings, keeping: .count(3), parallel: parallel)
        let components = (0..<3).map { row in (0..<7).map { found.components[row, $0] } }
        let rows = Self.rows(embeddings)
        #expect(found.variances == found.variances.sorted(by: >))
        for a in 0..<3 {
            for b in 0..<3 {
                let inner = zip(components[a], components[b]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(inner - (a == b ? 1 : 0)) < 1e-10)
            }
            let places = rows.map { row in
                (0..<7).reduce(0.0) { $0 + (row[$1] - found.mean[$1]) * components[a][$1] }
            }
            let variance = places.reduce(0) { $0 + $1 * $1 } / 599
            #expect(abs(variance - found.variances[a]) < 1e-9)
            let projected = found.project(embeddings)
            for (row, place) in places.enumerated() {
                // Single precision of coordinates below 20.
                #expect(abs(Double(projected.matrix[row, a]) - place) < 2e-5)
            }
        }
    }

    @Test func clustersThatLieApartAreFound() throws {
        var noise = SeededGenerator(seed: 5)
        let values = (0..<300 * 4).map { place in
            Float(place / 4 % 3 == place % 4 ? 10 : 0) + Float(noise.uniform(-1, 1))
        }
        let points = Embeddings(values: FloatBuffer(values), count: 300, dimension: 4)
        var generator = SplitMix64(seed: 6)
        let found = KMeans(points, clusterCount: 3, using: &generator, parallel: parallel)
        let rows = Self.rows(points)
        var inertia = 0.0
        for cluster in 0..<3 {
            let members = (0..<100).map { 3 * $0 + cluster }
            #expect(Set(members.map { found.assignments[$0] }).count == 1)
            let mean = (0..<4).map { column in members.reduce(0) { $0 + rows[$1][column] } / 100 }
            inertia += members.reduce(0) { $0 + Self.distance(rows[$1], mean) }
        }
        #expect(Set(found.assignments).count == 3)
        #expect(abs(found.inertia - inertia) < 1e-4 * inertia)
    }
}
