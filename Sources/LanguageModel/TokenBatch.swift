/// Records laid end to end without padding, grouped into privacy units: the input of one pass.
///
/// A record of n tokens gives n − 1 rows: row i reads token i at position i and predicts token
/// i + 1. Attention stays within a record. A unit's loss is the mean over its records of each
/// record's mean loss over its own predicted tokens.
public struct TokenBatch: Sendable {
    /// One record: its tokens, and from where on they are predicted with loss.
    public struct Sequence: Sendable {
        /// The whole training sequence; the last token is only predicted.
        public let tokens: [Int32]
        /// Index of the first token predicted with loss; index 0 is never predicted.
        public let lossStart: Int

        /// Describes one record.
        public init(tokens: [Int32], lossStart: Int = 1) {
            self.tokens = tokens
            self.lossStart = max(lossStart, 1)
        }
    }

    /// The token each row reads, [rows].
    public private(set) var tokens: [Int32] = []
    /// Its position in the record, [rows].
    public private(set) var positions: [Int32] = []
    /// The token each row predicts, [rows].
    public private(set) var targets: [Int32] = []
    /// The weight of each row's loss in its unit's loss, [rows]; a unit's weights sum to 1.
    public private(set) var lossWeights: [Float] = []
    /// The rows of each record.
    public private(set) var records: [Range<Int>] = []
    /// The rows of each privacy unit.
    public private(set) var units: [Range<Int>] = []

    /// Creates a batch without units.
    public init() {}

    /// The number of rows.
    public var rowCount: Int { tokens.count }

    /// Appends one privacy unit.
    ///
    /// | case                                  | loss and gradient             |
    /// | a record without predicted tokens     | zero; it counts in the mean   |
    /// | a unit without records                | zero                          |
    public mutating func appendUnit(_ sequences: [Sequence]) {
        let start = rowCount
        for sequence in sequences { append(sequence, recordShare: 1 / Double(sequences.count)) }
        units.append(start..<rowCount)
    }

    private mutating func append(_ sequence: Sequence, recordShare: Double) {
        let rows = max(sequence.tokens.count - 1, 0)
        let firstWithLoss = min(sequence.lossStart - 1, rows)
        let weight = Float(recordShare / Double(max(rows - firstWithLoss, 1)))
        records.append(rowCount..<rowCount + rows)
        tokens += sequence.tokens.prefix(rows)
        targets += sequence.tokens.dropFirst().prefix(rows)
        positions += (0..<rows).map { Int32($0) }
        lossWeights += (0..<rows).map { $0 < firstWithLoss ? 0 : weight }
    }
}
