import Foundation

/// Which file of a path holds the synthetic text, and what there is to say about it.
struct SyntheticSource: Equatable {
    /// The file to read.
    var path: String
    /// What a reader of the comparison should know, a sentence each.
    var notes: [String] = []
    /// Whether rows are the text first and then the labels, whatever the header says.
    var isTextFirst = false

    /// Finds the file: the path itself, or the last iteration of a result folder.
    ///
    /// | folder of                 | file                            | never read                             |
    /// | Private Evolution library | `synthetic_text/000000010.csv`  | `checkpoint/`                          |
    /// | aug-pe                    | `10/samples.csv`, not `10_all/` | `10/count_class/`, `train/`, `log.log` |
    static func find(_ path: String) throws(CorpusError) -> SyntheticSource {
        guard InputFile.exists(path) else { throw .noSuchFile(path: path) }
        guard InputFile.isFolder(path) else { return file(path) }
        for folder in [path + "/synthetic_text", path] {
            if let source = evolutionLibrary(folder) { return source }
        }
        if let source = augmentedEvolution(path) { return source }
        throw .unknownFolder(path: path)
    }

    private static func file(_ path: String) -> SyntheticSource {
        var source = SyntheticSource(path: path)
        if path.hasSuffix(".generations.csv") {
            source.isTextFirst = true
            source.notes.append(
                "dp-transformers writes the text first and then the labels, and collapses white space."
            )
        }
        return source
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func evolutionLibrary(_ folder: String) -> SyntheticSource? {
        let iterations = names(folder).filter { name in
            name.hasSuffix(".csv") && name.utf8.count == 13
                && name.utf8.prefix(9).allSatisfy { (0x30...0x39).contains($0) }
        }
        guard let last = iterations.max() else { return nil }
        var source = SyntheticSource(path: folder + "/" + last)
        source.notes.append(
            "The Private Evolution library's \(last) mixes kept texts and variations, and its labels "
                + "may have lost their prefixes."
        )
        if InputFile.exists(folder + "/../checkpoint") || InputFile.exists(folder + "/checkpoint") {
            source.notes.append(
                "checkpoint/ may hold PE.CLEAN_HISTOGRAM, votes of private records without noise; "
                    + "it was not read. Keep it private."
            )
        }
        return source
    }

    private static func augmentedEvolution(_ folder: String) -> SyntheticSource? {
        let iterations = names(folder).compactMap { Int($0) }.filter {
            InputFile.exists("\(folder)/\($0)/samples.csv")
        }
        guard let last = iterations.max() else { return nil }
        var source = SyntheticSource(path: "\(folder)/\(last)/samples.csv")
        source.notes.append("aug-pe's kept samples of iteration \(last).")
        if iterations.contains(where: { InputFile.exists("\(folder)/\($0)/count_class") }) {
            source.notes.append(
                "count_class/ may hold clean_count, votes of private records without noise; "
                    + "it was not read. Keep it private."
            )
        }
        if InputFile.exists(folder + "/train/samples.csv") {
            source.notes.append(
                "train/samples.csv may hold private texts; it was not read. Keep it private."
            )
        }
        return source
    }
}

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
