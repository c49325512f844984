extension CorpusReader {
    /// All records of the files, and the bad ones; in memory.
    ///
    /// - Throws: What `init` and `next` throw, and `noUsableRecord` if there are only bad ones.
    package static func readAll(
        paths: [String],
        columns: ColumnSelection,
        recordLimit: Int = defaultRecordLimit
    ) throws(CorpusError) -> (records: [Record], bad: [BadRecord]) {
        var reader = try CorpusReader(paths: paths, columns: columns, recordLimit: recordLimit)
        var records: [Record] = []
        var bad: [BadRecord] = []
        while let outcome = try reader.next() {
            switch outcome {
            case .record(let record): records.append(record)
            case .bad(let record): bad.append(record)
            }
        }
        guard !records.isEmpty else {
            throw reader.suspicion ?? .noUsableRecord(paths: paths)
        }
        return (records, bad)
    }
}
