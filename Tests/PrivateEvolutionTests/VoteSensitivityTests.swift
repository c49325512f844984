import DifferentialPrivacy
import Kernels
import LanguageModel
import Testing

@testable import PrivateEvolution

/// What enters the mechanism, replayed on neighbouring corpora with the same candidates.
@Suite struct VoteSensitivityTests {
    static let parallel = ParallelFor(threadCount: 2)
    static let dimension = 24
    static let classCount = 3

    /// Candidates whose embeddings are means over `degree` variations, or their own at degree 0.
    static func candidates(lookahead degree: Int) -> [Embeddings] {
        (0..<classCount).map { index in
            let variations = Embeddings.random(40 * max(degree, 1), dimension, seed: UInt64(index))
            return LookaheadEmbeddings.means(of: variations, degree: degree)
        }
    }

    static func votes(_ rows: [(vector: [Float], group: Int, unit: Int)], k: Int, degree: Int)
        -> [Double]
    {
        let corpus = PrivateCorpus(
            embeddings: Embeddings(rows.map(\.vector)),
            classOfRecord: rows.map(\.group),
            classCount: classCount,
            unitOfRecord: rows.map(\.unit)
        )
        let counts = VoteCounter(neighborCount: k, parallel: parallel)
            .count(corpus, for: candidates(lookahead: degree))
        return NoisyHistogram(noiseMultiplier: 0).release(counts, for: .unrecorded(.test))
    }

    static func corpus(users: Int, records: Int, seed: UInt64)
        -> [(vector: [Float], group: Int, unit: Int)]
    {
        let vectors = Embeddings.random(records, dimension, seed: seed)
        return (0..<records).map { (vectors.row($0), $0 % classCount, $0 % users) }
    }

    func distance(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    /// Exact: votes are whole parts rounded down, so no tolerance above 1.
    @Test(arguments: [1, 3], [0, 4])
    func removingARecordMovesTheVotesByAtMostOne(k: Int, degree: Int) {
        let rows = Self.corpus(users: 300, records: 300, seed: 5)
        let all = Self.votes(rows, k: k, degree: degree)
        for removed in stride(from: 0, to: 300, by: 6) {
            var neighbour = rows
            neighbour.remove(at: removed)
            let moved = distance(all, Self.votes(neighbour, k: k, degree: degree))
            #expect(moved <= 1)
            #expect(moved > 0.999)
        }
    }

    /// A user of 37 records in all three classes counts as one.
    @Test(arguments: [1, 3], [0, 4])
    func removingAUserMovesTheVotesByAtMostOne(k: Int, degree: Int) {
        let rows = Self.corpus(users: 8, records: 296, seed: 6)
        let all = Self.votes(rows, k: k, degree: degree)
        for user in 0..<8 {
            let moved = distance(
                all,
                Self.votes(rows.filter { $0.unit != user }, k: k, degree: degree)
            )
            #expect(moved <= 1)
            #expect(moved > 0.999)
        }
    }

    /// Whatever a record holds, it moves the votes by at most 1 and the program goes on.
    @Test func hostileRecordsAreBoundedToo() {
        let rows = Self.corpus(users: 60, records: 60, seed: 7)
        let all = Self.votes(rows, k: 3, degree: 0)
        for value in [Float.nan, .infinity, -.infinity, 3.4e38, .leastNonzeroMagnitude, 0, -0.0] {
            let vector = [Float](repeating: value, count: Self.dimension)
            let poisoned = rows + [(vector, 1, 60)]
            #expect(distance(all, Self.votes(poisoned, k: 3, degree: 0)) <= 1)
        }
    }

    @Test func aClassWithFewerCandidatesThanNeighboursStillCastsOneVote() {
        let corpus = PrivateCorpus(
            embeddings: .random(2, 4, seed: 8),
            classOfRecord: [0, 1],
            classCount: 2
        )
        let candidates = [Embeddings.random(2, 4, seed: 9), Embeddings(count: 0, dimension: 4)]
        let counts = VoteCounter(neighborCount: 3, parallel: Self.parallel)
            .count(corpus, for: candidates)
        let votes = NoisyHistogram(noiseMultiplier: 0).release(counts, for: .unrecorded(.test))
        // Shares are rounded down to 2⁻²⁴.
        #expect(votes.count == 2)
        #expect(votes.allSatisfy { abs($0 - 0.5.squareRoot()) < 1e-7 })
    }
}
