import Kernels
import LanguageModel
import Testing

@testable import PrivateEvolution

/// What the default embedding promises to the votes.
@Suite struct HiddenStateEmbedderTests {
    static let texts =
        [
            "", " ", "a", "the same", "the same", "\u{0}\u{FFFD}",
            String(repeating: "long ", count: 300),
        ]
        + (0..<40).map { String(repeating: "text \($0) ", count: $0 % 7 + 1) }

    private func bits(_ texts: [String], threads: Int) throws -> [[UInt32]] {
        try TextEvolutionTests.embedder
            .embed(texts, parallel: ParallelFor(threadCount: threads))
            .rows.map { $0.map(\.bitPattern) }
    }

    /// Or adding a record would move the votes of others: the sensitivity would be no longer 1.
    @Test func aVectorDoesNotDependOnOtherTextsToTheBit() throws {
        let together = try bits(Self.texts, threads: 3)
        #expect(Set(together).count > 40)
        for (text, vector) in zip(Self.texts, together) {
            #expect(try bits([text], threads: 1) == [vector])
        }
        #expect(try bits(Self.texts.reversed(), threads: 2) == together.reversed())
    }

    @Test func everyTextHasAFiniteVectorOfNormOne() throws {
        let vectors = try TextEvolutionTests.embedder
            .embed(Self.texts, parallel: ParallelFor(threadCount: 2)).rows
        for vector in vectors {
            let norm = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
            // Rounding of 16 elements to single precision.
            #expect(abs(norm - 1) < 1e-6)
        }
    }
}
