import Kernels
import TestData
import Testing

@testable import LanguageModel

@Suite struct NearestNeighborsTests {
    let parallel = ParallelFor(threadCount: 2)

    /// The definition: all squared distances in double precision, lowest index first among equals.
    func naive(_ queries: Embeddings, _ candidates: Embeddings, _ count: Int) -> [Set<Int32>] {
        let rows = candidates.rows
        return queries.rows.map { query in
            let distances = rows.map { row in
                zip(query, row).reduce(0.0) { sum, pair in
                    let difference = Double(pair.0) - Double(pair.1)
                    return sum + difference * difference
                }
            }
            let order = distances.indices.sorted {
                distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
            }
            return Set(order.prefix(count).map(Int32.init))
        }
    }

    @Test(arguments: [1, 3, 10])
    func findsTheNearestByDefinition(count: Int) {
        // More queries and candidates than a block, no multiple of one.
        let queries = Embeddings.random(300, 17, seed: 1)
        let candidates = Embeddings.random(2100, 17, seed: 2)
        let found = NearestNeighbors(among: candidates)
            .neighbors(of: queries, count: count, parallel: parallel)
        let expected = naive(queries, candidates, count)
        #expect(found.map(Set.init) == expected)
        #expect(found.map(\.count) == Array(repeating: count, count: 300))
    }

    @Test func equalDistancesGoToTheLowestIndices() {
        let candidates = Embeddings([[2, 0], [1, 0], [1, 0], [0, 1], [1, 0], [-1, 0]])
        let search = NearestNeighbors(among: candidates)
        let query = Embeddings([[0, 0]])
        #expect(search.neighbors(of: query, count: 1, parallel: parallel) == [[1]])
        let four = search.neighbors(of: query, count: 4, parallel: parallel)
        #expect(four.map(Set.init) == [[1, 2, 3, 4]])
        let all = search.neighbors(of: query, count: 9, parallel: parallel)
        #expect(all.map(Set.init) == [[0, 1, 2, 3, 4, 5]])
    }

    /// Near-ties within rounding of the products: what a query finds must not move with its place
    /// in a block.
    @Test func otherQueriesDoNotChangeWhatAQueryFinds() {
        var generator = SeededGenerator(seed: 3)
        let center = (0..<384).map { _ in Float.random(in: -1..<1, using: &generator) }
        let candidates = Embeddings(
            (0..<200).map { _ in
                center.map { $0 * (1 + Float.random(in: -1e-7..<1e-7, using: &generator)) }
            }
        )
        let queries = Embeddings.random(40, 384, seed: 4)
        let search = NearestNeighbors(among: candidates)
        let together = search.neighbors(of: queries, count: 3, parallel: parallel).map(Set.init)
        for removed in 0..<40 {
            let rest = Embeddings(queries.rows.enumerated().filter { $0.0 != removed }.map(\.1))
            var expected = together
            expected.remove(at: removed)
            let found = search.neighbors(of: rest, count: 3, parallel: parallel)
            #expect(found.map(Set.init) == expected)
        }
    }

    @Test func whatIsNotFiniteNeitherVotesNorReceivesVotes() {
        let candidates = Embeddings([[.nan, 0], [.infinity, 0], [5, 5], [1e30, 1e30]])
        let queries = Embeddings([[0, 0], [.nan, 0], [0, -.infinity], [3e38, 3e38]])
        let found = NearestNeighbors(among: candidates)
            .neighbors(of: queries, count: 1, parallel: parallel)
        #expect(found[0] == [2])
        #expect(found[1] == [])
        #expect(found[2] == [])
        let none = NearestNeighbors(among: Embeddings(count: 0, dimension: 2))
        let nothing = none.neighbors(of: queries, count: 1, parallel: parallel)
        #expect(nothing == [[], [], [], []])
    }

    @Test func theDistanceIsThatToTheNearest() throws {
        let (queries, candidates) = (
            Embeddings([[1, 2], [0, .nan], [-3, 0.5]]), Embeddings([[4, 6], [-3, 0], [1, 2.5]])
        )
        let found = NearestNeighbors(among: candidates).nearest(to: queries, parallel: parallel)
        #expect(found.map { $0?.index } == [2, nil, 1])
        #expect(found.map { $0?.squaredDistance } == [0.25, nil, 0.25])
    }
}
