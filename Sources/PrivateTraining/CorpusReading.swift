import Corpus
import DifferentialPrivacy

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
        func require(_ flag: String, _ value: Int, atLeast least: Int) throws {
            guard value < least else { return }
            throw TrainingError.badConfiguration(
                problem: "\(flag) is \(value); it must be at least \(least)."
            )
        }
        try require("--sequence-length", sequenceLength, atLeast: 2)
        try require("--max-records-per-user", unit.recordLimit, atLeast: 1)
        if let microBatchSize { try require("--micro-batch-size", microBatchSize, atLeast: 1) }
    }
}
