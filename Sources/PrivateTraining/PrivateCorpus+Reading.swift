import Corpus
import DifferentialPrivacy
import LabelProbe
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
        /// The same records by unit, as a label probe reads them; none if there is no probe.
        let labelled: [[LabelledTokens]]
        /// What was read and dropped.
        let counts: CorpusCounts
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
        var counts = CorpusCounts(bad)
        let sequences = records.map { record -> TokenBatch.Sequence? in
            switch encoder.example(for: record) {
            case .failure(let bad):
                counts.add(bad)
                return nil
            case .success(let example):
                counts.add(example, of: record, encoder)
                return .init(tokens: example.tokens, lossStart: example.lossStart)
            }
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
            texts: records.map(\.text),
            labelled: reading.learnsLabels
                ? units.filter { !$0.isEmpty }.map { unit in
                    unit.map { labelled(records[$0], labels, reading, tokenizer) }
                } : [],
            counts: counts
        )
    }

    /// Text and labels apart, so that neither decides how much of the other is read.
    private static func labelled(
        _ record: Record,
        _ labels: LabelSet,
        _ reading: CorpusReading,
        _ tokenizer: BytePairTokenizer
    ) -> LabelledTokens {
        let limit = LabelProbeTraining.tokenLimit(ofSequences: reading.sequenceLength)
        return LabelledTokens(
            tokens: Array(tokenizer.encode(record.text).prefix(limit)),
            labels: labels.indices(of: record.labels) ?? []
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
