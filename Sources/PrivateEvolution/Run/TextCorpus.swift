package import Corpus
package import DifferentialPrivacy
import Kernels
import LanguageModel
import Messages

/// The private records that an evolution hears, read and grouped, not embedded yet.
///
/// A record that cannot be used is dropped and changes nothing else; it still counts in N.
package struct TextCorpus: Sendable {
    /// Records embedded at a time; between two such batches the work can be stopped.
    private static let batchLength = 256
    /// How often progress is told, whatever the number of records.
    private static let pieceCount = 64

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
    /// The texts of all records that could be read, whether or not they vote.
    package let sketch: SealedSketch
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
                .maxRecordsPerUser,
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
                columns: columns.namesByPurpose,
                key: key
            ),
            sketch: try SealedSketch(
                CorpusSketch(texts: records.lazy.map(\.text), key: key),
                key: key
            ),
            texts: voters.map { String(decoding: records[$0.0].text, as: UTF8.self) },
            classOfRecord: voters.map(\.1),
            unitOfRecord: users == nil ? nil : voters.map(\.2)
        )
    }

    /// The texts of each class, in the corpus' order; private.
    package func textsByClass() -> [[String]] {
        var byClass = [[String]](repeating: [], count: classes.count)
        for (text, index) in zip(texts, classOfRecord) { byClass[index].append(text) }
        return byClass
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
        for piece in 0..<Self.pieceCount {
            observe(Double(piece) / Double(Self.pieceCount))
            let first = texts.count * piece / Self.pieceCount
            let last = texts.count * (piece + 1) / Self.pieceCount
            for start in stride(from: first, to: last, by: Self.batchLength) {
                try Task.checkCancellation()
                let end = min(start + Self.batchLength, last)
                let batch = try embedder.embed(Array(texts[start..<end]), parallel: parallel)
                let elements = batch.values.values(0..<batch.count * batch.dimension)
                all.values.store(elements, at: start * embedder.dimension)
            }
        }
        return PrivateCorpus(
            embeddings: all,
            classOfRecord: classOfRecord,
            classCount: classes.count,
            unitOfRecord: unitOfRecord
        )
    }

    /// H(the corpus, how it is read, and the records as they were read), for the keys of its votes.
    ///
    /// Whatever decides how bytes become voters shows in the records, and so does a file that is
    /// changed while it is being read. It goes into keys alone.
    package func digest(product: String) throws -> ContentDigest {
        ContentDigest(
            domain: "evolution-corpus",
            fields: [
                ("fingerprint", try EvolutionFolder.encode(fingerprint)),
                ("unit", try EvolutionFolder.encode(unit)),
                ("labels", try classes.labelSet.map { try EvolutionFolder.encode($0) } ?? []),
                ("product", Array(product.utf8)),
            ]
                + recordParts().map { (name: "records", content: $0.bytes) }
        )
    }

    /// Digests of the voters, some thousands each, which bounds the memory.
    private func recordParts() -> [ContentDigest] {
        stride(from: 0, to: texts.count, by: 4096).map { start in
            var bytes: [UInt8] = []
            for record in start..<min(start + 4096, texts.count) {
                let text = texts[record].utf8
                for number in [classOfRecord[record], unitOfRecord?[record] ?? record, text.count] {
                    for shift in stride(from: 0, to: 64, by: 8) {
                        bytes.append(UInt8(truncatingIfNeeded: number >> shift))
                    }
                }
                bytes += text
            }
            return ContentDigest(domain: "voters", fields: [("records", bytes)])
        }
    }
}

/// The classes of labelled text: every combination of label values, or one class without labels.
///
/// They are public input and complete: a class without records exists like any other.
package struct TextClasses: Sendable {
    /// The most classes; beyond, hardly any would have votes.
    static let limit = 10_000

    /// The label columns and their values; nil without labels.
    package let labelSet: LabelSet?
    /// How many classes there are, at least 1.
    package let count: Int

    /// The classes of a label set.
    ///
    /// - Throws: `PrivateEvolutionError.invalidSetting` for more than 10,000 combinations.
    package init(_ labelSet: LabelSet?) throws(PrivateEvolutionError) {
        var count = 1
        for values in labelSet?.values ?? [] {
            count *= values.count
            guard count <= Self.limit else {
                throw .invalidSetting(
                    name: "the number of label combinations",
                    value: "over \(Self.limit)",
                    requirement: "at most \(Self.limit); choose fewer label columns"
                )
            }
        }
        self.labelSet = labelSet
        self.count = count
    }

    /// The class of these labels; nil if a value is not in the set.
    package func index(of labels: [[UInt8]]) -> Int? {
        guard let labelSet else { return 0 }
        guard let places = labelSet.indices(of: labels) else { return nil }
        return zip(places, labelSet.values).reduce(0) { $0 * $1.1.count + $1.0 }
    }

    /// The label values of a class, one a column; none without labels.
    package func labels(ofClass index: Int) -> [[UInt8]] {
        guard let labelSet else { return [] }
        var rest = index
        var places: [Int] = []
        for values in labelSet.values.reversed() {
            places.insert(rest % values.count, at: 0)
            rest /= values.count
        }
        return labelSet.labels(at: places)
    }

    /// The labels of a class in one line, as the training string begins.
    package func line(ofClass index: Int) -> String {
        String(
            decoding: Array(labels(ofClass: index).joined(separator: [0x09])),
            as: UTF8.self
        )
    }
}
