import Corpus
import DifferentialPrivacy
import LabelProbe
import LanguageModel
import Messages
import Training

extension PrivateCorpus {
    /// What reading a corpus found: examples to train on and facts that are treated as public.
    struct Found {
        let corpus: PrivateCorpus
        let labels: LabelSet
        let labelValuesSource: RunDescription.Source
        /// The label values of the records trained on, by unit: private.
        let unitLabels: UnitLabels
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
            // Only what is trained on is counted: a user's further records must not show.
            unitLabels: UnitLabels(
                units.map { $0.map { records[$0].labels } },
                among: JointLabels(labels)
            ),
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

/// How a corpus becomes examples: all that reading it depends on, apart from its bytes.
///
/// A run that goes on takes these from its description, so that its units are the same ones.
struct CorpusReading {
    let paths: [String]
    let columns: ColumnSelection
    /// The public label values; nil takes those found in the data.
    let labelValues: LabelSet?
    let unit: PrivacyUnit
    let sequenceLength: Int
    let microBatchSize: Int?
    /// Whether a label probe is to learn from the records.
    let learnsLabels: Bool
}

extension CorpusReading {
    /// What a new run is asked for.
    ///
    /// - Throws: `TrainingError.badConfiguration` for sizes out of range.
    init(beginning request: FineTuningRequest) throws {
        self.init(
            paths: request.dataPaths,
            columns: request.columns,
            labelValues: request.labelValues,
            unit: Self.unit(of: request),
            sequenceLength: Self.sequenceLength(of: request),
            microBatchSize: request.microBatchSize,
            learnsLabels: request.labelEpsilon != nil
        )
        try check()
    }

    /// What a run that goes on has always read, from wherever its files are now.
    ///
    /// - Throws: `TrainingError.badConfiguration` for sizes out of range.
    init(
        resuming description: RunDescription,
        settings: TrainingSettings,
        paths: [String]
    ) throws {
        self.init(
            paths: paths,
            columns: ColumnSelection(
                text: description.textColumn,
                labels: description.labels.columns,
                user: description.userColumn
            ),
            labelValues: description.labels,
            unit: description.plan.unit,
            sequenceLength: settings.sequenceLength,
            microBatchSize: settings.microBatchSize,
            learnsLabels: description.plan.labelProbe != nil
        )
        try check()
    }

    /// The unit that a new run protects.
    static func unit(of request: FineTuningRequest) -> PrivacyUnit {
        guard request.columns.user != nil else { return .record }
        return .user(maxRecords: request.maxRecordsPerUser ?? PrivacyUnit.defaultMaxRecords)
    }

    /// The sequence length of a new run.
    static func sequenceLength(of request: FineTuningRequest) -> Int {
        request.sequenceLength ?? 64
    }

    private func check() throws {
        func require(_ setting: Setting, _ value: Int, atLeast least: Int) throws {
            guard value < least else { return }
            throw TrainingError.badConfiguration(
                problem: "\(setting) is \(value); it must be at least \(least)."
            )
        }
        try require(.sequenceLength, sequenceLength, atLeast: 2)
        try require(.maxRecordsPerUser, unit.recordLimit, atLeast: 1)
        if let microBatchSize { try require(.microBatchSize, microBatchSize, atLeast: 1) }
    }
}
