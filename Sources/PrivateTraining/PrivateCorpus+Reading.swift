import Corpus
import DifferentialPrivacy
import LanguageModel

extension PrivateCorpus {
    /// What reading a corpus found: examples to train on and facts that are treated as public.
    struct Found {
        let corpus: PrivateCorpus
        let labels: LabelSet
        let labelValuesSource: RunDescription.Source
        /// Private counts of the joint label values of the records trained on.
        let labelCounts: JointLabels
        /// The texts of all records that could be read, whether or not they are trained on.
        let texts: [[UInt8]]
    }

    /// Reads, checks and tokenizes a corpus.
    ///
    /// A record that cannot be used is dropped and changes nothing else; it still counts in N.
    static func read(
        _ reading: CorpusReading,
        tokenizer: BytePairTokenizer,
        key: () throws -> FingerprintKey
    ) throws -> Found {
        let (records, bad) = try CorpusReader.readAll(
            paths: reading.paths,
            columns: reading.columns
        )
        let labels =
            try reading.labelValues
            ?? LabelSet(foundIn: records, columns: reading.columns.labels)
        let encoder = ExampleEncoder(
            tokenizer: tokenizer,
            sequenceLength: reading.sequenceLength,
            labelSet: labels
        )
        let sequences = records.map { record -> TokenBatch.Sequence? in
            guard case .success(let example) = encoder.example(for: record) else { return nil }
            return .init(tokens: example.tokens, lossStart: example.lossStart)
        }
        let usable = sequences.indices.filter { sequences[$0] != nil }
        guard !usable.isEmpty else { throw TrainingError.noUsableRecord }
        let users = try users(of: records, reading, key: key)
        let units = (users ?? usable.map { [$0] }).map { unit in
            unit.filter { sequences[$0] != nil }
        }
        // Only what is trained on is counted: a user's further records must not show.
        var joint = JointLabels(labels)
        for record in units.joined() { joint.count(records[record].labels) }
        let corpus = PrivateCorpus(
            units: units.filter { !$0.isEmpty }.map { $0.compactMap { sequences[$0] } },
            recordCount: records.count + bad.count,
            userCount: users?.count,
            droppedCount: records.count + bad.count - usable.count,
            microBatchSize: reading.microBatchSize
        )
        return Found(
            corpus: corpus,
            labels: labels,
            labelValuesSource: reading.labelValues == nil ? .corpus : .given,
            labelCounts: joint,
            texts: records.map(\.text)
        )
    }

    /// The records of each user, if users are the unit.
    private static func users(
        of records: [Record],
        _ reading: CorpusReading,
        key: () throws -> FingerprintKey
    ) throws -> [[Int]]? {
        guard case .user(let maxRecords) = reading.unit else { return nil }
        return UserGrouping(
            records: records,
            maximumRecords: maxRecords,
            keyedHash: try key().authenticationCode
        ).units
    }
}
