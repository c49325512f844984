import Corpus
import DifferentialPrivacy
import Foundation
import Testing

@testable import PrivateEvolution

/// How a corpus on disk becomes voters.
@Suite final class TextCorpusTests {
    private let folder = NSTemporaryDirectory() + "corpus-" + UUID().uuidString
    private let key: FingerprintKey

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        key = try LedgerDirectory(path: folder).makeFingerprintKey()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Reads a file of that name and content.
    private func corpus(
        _ name: String,
        _ text: String,
        columns: ColumnSelection = ColumnSelection(),
        maxRecordsPerUser: Int = 1
    ) throws -> TextCorpus {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try TextCorpus.read(
            paths: [path],
            columns: columns,
            labelValues: nil,
            maxRecordsPerUser: maxRecordsPerUser,
            key: key
        )
    }

    /// The same bytes, read as a table and as lines, are other records under one fingerprint.
    @Test func theDigestKnowsWhatWasRead() throws {
        let text = "text\none\ntwo\n"
        let (table, lines) = (try corpus("a.csv", text), try corpus("a.txt", text))
        #expect(table.fingerprint == lines.fingerprint && table.unit == lines.unit)
        #expect(table.unitCount == 2 && lines.unitCount == 3)
        let digest = try table.digest(product: "test")
        #expect(try corpus("b.csv", text).digest(product: "test") == digest)
        #expect(try lines.digest(product: "test") != digest)
        #expect(try table.digest(product: "other") != digest)
    }

    /// The same texts with other classes or users are other votes.
    @Test func theDigestKnowsClassesAndUnits() throws {
        let columns = ColumnSelection(labels: ["l"], user: "u")
        let digests = try ["a,b,1\nc,d,2\n", "a,d,1\nc,b,2\n", "a,b,1\nc,d,1\n"].map {
            try corpus("a.csv", "text,l,u\n" + $0, columns: columns, maxRecordsPerUser: 2)
                .digest(product: "test")
        }
        #expect(Set(digests).count == 3)
    }

    /// How often progress is told must not tell how many records can be used.
    @Test(arguments: [1, 63, 300, 1000]) func progressDoesNotTellTheNumberOfRecords(
        count: Int
    ) throws {
        let lines = (0..<count).map { "record \($0)\n" }.joined()
        var shares: [Double] = []
        _ = try corpus("a.txt", lines).embedded(
            by: TextEvolutionTests.embedder,
            parallel: TextEvolutionTests.parallel,
            observe: { shares.append($0) }
        )
        #expect(shares == (0..<64).map { Double($0) / 64 })
    }
}
