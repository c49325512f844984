package import Corpus
package import DifferentialPrivacy
import Kernels
import LanguageModel

/// The private records that an evolution hears, read and grouped, not embedded yet.
///
/// A record that cannot be used is dropped and changes nothing else; it still counts in N.
package struct TextCorpus: Sendable {
    /// Records embedded at a time; between two pieces the work can be stopped.
    private static let pieceLength = 256

    /// The classes, of the values given or, without them, of those found.
    package let classes: TextClasses
    /// Whether label values were read off the corpus, which treats them as public.
    package let hasFoundLabelValues: Bool
    /// N: the records, or users, that were read.
    package let unitCount: Int
    /// What is protected.
    package let unit: PrivacyUnit
    /// Which corpus it is.
    package let fingerprint: CorpusFingerprint
    private let texts: [String]
    private let classOfRecord: [Int]
    private let unitOfRecord: [Int]?

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - paths: The corpus.
    ///   - columns: Text, labels, user.
    ///   - labelValues: The public label values; those found if nil.
    ///   - maxRecordsPerUser: The most records of a user that vote, at least 1; chosen by keyed
    ///     hash.
    ///   - key: Of the folder that the run is in.
    /// - Returns: The records, grouped by unit and class.
    /// - Throws: `CorpusError`, `LedgerError`, `PrivateEvolutionError.invalidSetting`.
    package static func read(
        paths: [String],
        columns: ColumnSelection,
        labelValues: LabelSet?,
        maxRecordsPerUser: Int,
        key: FingerprintKey
    ) throws -> TextCorpus {
        let (records, bad) = try CorpusReader.readAll(paths: paths, columns: columns)
        let labels = try labelValues ?? LabelSet(foundIn: records, columns: columns.labels)
        let classes = try TextClasses(columns.labels.isEmpty ? nil : labels)
        var users: [[Int]]?
        if columns.user != nil {
            try EvolutionSettings.require(
                "--max-records-per-user",
                maxRecordsPerUser,
                maxRecordsPerUser >= 1,
                "at least 1"
            )
            users =
                UserGrouping(
                    records: records,
                    maximumRecords: maxRecordsPerUser,
                    keyedHash: key.authenticationCode
                ).units
        }
        let units = users ?? records.indices.map { [$0] }
        let voters = units.enumerated().flatMap { unit, members in
            members.compactMap { member in
                classes.index(of: records[member].labels).map { (member, $0, unit) }
            }
        }
        guard !voters.isEmpty else { throw CorpusError.noUsableRecord(paths: paths) }
        return TextCorpus(
            classes: classes,
            hasFoundLabelValues: labelValues == nil && !columns.labels.isEmpty,
            unitCount: users?.count ?? records.count + bad.count,
            unit: users == nil ? .record : .user(maxRecords: maxRecordsPerUser),
            fingerprint: try CorpusFingerprint(
                paths: paths,
                columns: ["text", columns.text, "labels"] + columns.labels
                    + ["user", columns.user ?? ""],
                key: key
            ),
            texts: voters.map { String(decoding: records[$0.0].text, as: UTF8.self) },
            classOfRecord: voters.map(\.1),
            unitOfRecord: users == nil ? nil : voters.map(\.2)
        )
    }

    /// Embeds the records.
    ///
    /// - Parameters:
    ///   - embedder: The one that candidates are embedded by.
    ///   - parallel: The threads to use.
    ///   - observe: Told the share that is done, in [0, 1]: the number of usable records is private.
    /// - Returns: What votes.
    /// - Throws: `CancellationError`, and what the embedder throws.
    func embedded(
        by embedder: any TextEmbedder,
        parallel: ParallelFor,
        observe: (Double) -> Void
    ) throws -> PrivateCorpus {
        let all = Embeddings(count: texts.count, dimension: embedder.dimension)
        for start in stride(from: 0, to: texts.count, by: Self.pieceLength) {
            try Task.checkCancellation()
            observe(Double(start) / Double(texts.count))
            let end = min(start + Self.pieceLength, texts.count)
            let piece = try embedder.embed(Array(texts[start..<end]), parallel: parallel)
            let elements = piece.values.values(0..<piece.count * piece.dimension)
            all.values.store(elements, at: start * embedder.dimension)
        }
        return PrivateCorpus(
            embeddings: all,
            classOfRecord: classOfRecord,
            classCount: classes.count,
            unitOfRecord: unitOfRecord
        )
    }

    /// H(the corpus and how it is read), for the keys of its votes.
    func digest(product: String) throws -> ContentDigest {
        ContentDigest(
            domain: "evolution-corpus",
            fields: [
                ("fingerprint", try EvolutionFolder.encode(fingerprint)),
                ("unit", try EvolutionFolder.encode(unit)),
                ("labels", try classes.labelSet.map { try EvolutionFolder.encode($0) } ?? []),
                ("product", Array(product.utf8)),
            ]
        )
    }
}
