/// Which columns of a synthetic file hold the text and the labels.
struct SyntheticColumns: Equatable {
    /// The place of the text.
    var text: Int
    /// The places of the labels, in the order asked for.
    var labels: [Int]
    /// What had to be assumed, a sentence each.
    var notes: [String] = []

    /// Columns of counts without noise that other systems leave in their files.
    private static let cleanCounts = ["clean_count", "PE.CLEAN_HISTOGRAM"]

    /// Reads the header: columns by their names, and labels whose names it lacks by their order among
    /// the columns that are left, if there are as many.
    init(
        header: [[UInt8]],
        source: SyntheticSource,
        columns: ColumnSelection
    ) throws(CorpusError) {
        let names = header.map { String(decoding: $0, as: UTF8.self) }
        func place(_ name: String) -> Int? { header.firstIndex(of: Array(name.utf8)) }
        func missing(_ column: String) -> CorpusError {
            .missingColumn(
                path: source.path,
                column: column,
                from: .firstLine(fieldCount: header.count)
            )
        }
        guard let named = place(columns.text) ?? place("text") ?? place("PE.TEXT") else {
            throw missing(columns.text)
        }
        text = named
        notes = Self.cleanCounts.filter { place($0) != nil }.map {
            "Column \($0), votes of private records without noise, was not read. Keep it private."
        }
        let matched = columns.labels.map(place)
        let others = names.indices.filter {
            $0 != named && !matched.contains($0) && Self.mayBeLabel(names[$0])
        }
        let unmatched = columns.labels.indices.filter { matched[$0] == nil }
        guard unmatched.isEmpty || others.count == unmatched.count else {
            throw missing(columns.labels[unmatched[0]])
        }
        var following = others.makeIterator()
        labels = matched.compactMap { $0 ?? following.next() }
        if !unmatched.isEmpty {
            // Names that were found are left out: the line may be no header.
            let wanted = unmatched.map { columns.labels[$0] }.joined(separator: ", ")
            notes.append(
                unmatched.count == 1
                    ? "The one column that is left was taken for \(wanted)."
                    : "The \(unmatched.count) columns that are left were taken, in order, for \(wanted)."
            )
        }
        if source.isTextFirst { putTextFirst() }
    }

    /// Rows of dp-transformers hold the text, then the other columns in the order of the header.
    private mutating func putTextFirst() {
        let headerPlace = text
        labels = labels.map { $0 < headerPlace ? $0 + 1 : $0 }
        text = 0
    }

    private static func mayBeLabel(_ name: String) -> Bool {
        !name.utf8.isEmpty && !name.utf8.starts(with: "PE.".utf8) && name != "clean_count"
            && name != "count" && !name.utf8.starts(with: "Unnamed:".utf8)
    }
}
