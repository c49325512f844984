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
            microBatchSize: request.microBatchSize
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
            microBatchSize: settings.microBatchSize
        )
        try check()
    }

    private init(
        paths: [String],
        columns: ColumnSelection,
        labelValues: LabelSet?,
        unit: PrivacyUnit,
        sequenceLength: Int,
        microBatchSize: Int?
    ) {
        self.paths = paths
        self.columns = columns
        self.labelValues = labelValues
        self.unit = unit
        self.sequenceLength = sequenceLength
        self.microBatchSize = microBatchSize
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
        func require(_ isValid: Bool, _ flag: String, _ value: Int, atLeast least: Int) throws {
            guard !isValid else { return }
            throw TrainingError.badConfiguration(
                problem: "\(flag) is \(value); it must be at least \(least)."
            )
        }
        try require(sequenceLength >= 2, "--sequence-length", sequenceLength, atLeast: 2)
        let limit = unit.recordLimit
        try require(limit >= 1, "--max-records-per-user", limit, atLeast: 1)
        if let size = microBatchSize {
            try require(size >= 1, "--micro-batch-size", size, atLeast: 1)
        }
    }
}
