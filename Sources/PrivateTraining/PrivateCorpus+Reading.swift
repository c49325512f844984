import Corpus
import DifferentialPrivacy
import LanguageModel

extension PrivateCorpus {
    /// What reading a corpus found: examples to train on and facts that are treated as public.
    struct Reading {
        let corpus: PrivateCorpus
        let labels: LabelSet
        let labelValuesSource: RunDescription.Source
        /// Private counts of the joint label values of the records trained on.
        let labelCounts: JointLabels
    }

    /// Reads, checks and tokenizes the corpus of a request.
    ///
    /// A record that cannot be used is dropped and changes nothing else; it still counts in N.
    static func read(
        _ request: FineTuningRequest,
        tokenizer: BytePairTokenizer,
        key: () throws -> FingerprintKey
    ) throws -> Reading {
        let (records, bad) = try CorpusReader.readAll(
            paths: request.dataPaths,
            columns: request.columns
        )
        let labels =
            try request.labelValues
            ?? LabelSet(foundIn: records, columns: request.columns.labels)
        let encoder = ExampleEncoder(
            tokenizer: tokenizer,
            sequenceLength: request.sequenceLength,
            labelSet: labels
        )
        let sequences = records.map { record -> TokenBatch.Sequence? in
            guard case .success(let example) = encoder.example(for: record) else { return nil }
            return .init(tokens: example.tokens, lossStart: example.lossStart)
        }
        let usable = sequences.indices.filter { sequences[$0] != nil }
        guard !usable.isEmpty else { throw TrainingError.noUsableRecord }
        let users = try users(of: records, request, key: key)
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
            microBatchSize: request.microBatchSize
        )
        return Reading(
            corpus: corpus,
            labels: labels,
            labelValuesSource: request.labelValues == nil ? .corpus : .given,
            labelCounts: joint
        )
    }

    /// The records of each user, if users are the unit.
    private static func users(
        of records: [Record],
        _ request: FineTuningRequest,
        key: () throws -> FingerprintKey
    ) throws -> [[Int]]? {
        guard request.columns.user != nil else { return nil }
        guard request.maxRecordsPerUser >= 1 else {
            throw TrainingError.badConfiguration(
                problem: "--max-records-per-user is \(request.maxRecordsPerUser);"
                    + " it must be at least 1"
            )
        }
        return UserGrouping(
            records: records,
            maximumRecords: request.maxRecordsPerUser,
            keyedHash: try key().authenticationCode
        ).units
    }
}
