/// Examples laid one after another, a row a predicted token, without any padding.
///
/// A record of n tokens has n − 1 rows: row i reads token i and predicts token i + 1. The weights of a
/// unit's rows sum to 1, so that the weighted sum of row losses is the unit's mean over its records of
/// each record's mean over its own tokens:
///
///     w = 1 / (records of the unit · tokens of the record with loss)       0 on rows without loss
///
/// A unit is never split over batches. All parts but the counts are private.
package struct RaggedBatch: Equatable, Sendable {
    /// The token that each row reads, [rows].
    package private(set) var inputs: [Int32] = []
    /// The token that each row predicts, [rows].
    package private(set) var targets: [Int32] = []
    /// The weight of each row's loss in the sum of unit losses, [rows].
    package private(set) var lossWeights: [Float] = []
    /// The rows of each record, [records].
    package private(set) var recordRows: [Range<Int>] = []
    /// The records of each unit, [units].
    package private(set) var unitRecords: [Range<Int>] = []
    /// The place of each unit in the list that the batch was made from, [units].
    package private(set) var unitIndices: [Int] = []

    /// An empty batch.
    package init() {}

    /// A batch of all the units.
    ///
    /// - Parameter units: For each unit its records' examples, at least one.
    package init(units: [[TokenizedExample]]) {
        for (index, unit) in units.enumerated() { append(unit, index: index) }
    }

    /// The number of rows.
    package var rowCount: Int { inputs.count }
    /// The number of units.
    package var unitCount: Int { unitRecords.count }
    /// The most rows of a record; 0 in an empty batch.
    package var longestRecord: Int { recordRows.reduce(0) { max($0, $1.count) } }

    /// The rows of a unit: its records' rows are neighbours.
    package func rows(ofUnit unit: Int) -> Range<Int> {
        let records = unitRecords[unit]
        return recordRows[records.lowerBound]
            .lowerBound..<recordRows[records.upperBound - 1].upperBound
    }

    /// Adds a unit of at least one record.
    mutating func append(_ unit: [TokenizedExample], index: Int) {
        precondition(!unit.isEmpty, "unit \(index) has no record")
        let firstRecord = recordRows.count
        for example in unit {
            let firstRow = inputs.count
            let weight = Float(1 / (Double(unit.count) * Double(example.lossCount)))
            for row in 1..<example.tokens.count {
                inputs.append(example.tokens[row - 1])
                targets.append(example.tokens[row])
                lossWeights.append(row >= example.lossStart ? weight : 0)
            }
            recordRows.append(firstRow..<inputs.count)
        }
        unitRecords.append(firstRecord..<recordRows.count)
        unitIndices.append(index)
    }
}

extension RaggedBatch: CustomStringConvertible, CustomDebugStringConvertible {
    /// The sizes alone, so that no log shows private text.
    package var description: String {
        "RaggedBatch(\(unitCount) units, \(recordRows.count) records, \(rowCount) rows)"
    }
    /// The same as `description`.
    package var debugDescription: String { description }
}
