/// The selected fields of one record.
struct RecordFields {
    var text: [UInt8]
    var labels: [[UInt8]]
    var user: [UInt8]?
}

/// The records of one file, whatever its format.
protocol RecordSource {
    /// How the file begins, for telling what it is if it is not what its name says.
    var head: [UInt8] { get }
    /// The next record's fields or the reason why it has none; nil at the end of the file.
    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>?
}

extension BadRecord.Reason: Error {}

extension RecordFields {
    /// What is wrong with the fields, if anything.
    var problem: BadRecord.Reason? {
        let selected = [text] + labels + (user.map { [$0] } ?? [])
        guard selected.allSatisfy({ UTF8Scan.isValid($0.span) }) else { return .invalidUTF8 }
        if labels.contains(where: \.isEmpty) || user?.isEmpty == true { return .missingValue }
        if labels.count > 1, labels.contains(where: { $0.contains(0x09) }) { return .tabInLabel }
        return text.isEmpty ? .emptyText : nil
    }

    /// The fields if nothing is wrong with them.
    var checked: Result<RecordFields, BadRecord.Reason> {
        problem.map { .failure($0) } ?? .success(self)
    }
}
