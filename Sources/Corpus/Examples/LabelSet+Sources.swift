extension LabelSet {
    /// No label file is read beyond this many bytes.
    private static let fileLimit = 32 << 20

    /// Reads the values of the columns from a JSON object such as `{"stars": ["1.0", "5.0"]}`.
    ///
    /// Numbers count as their spelling. Columns that were not asked for are ignored.
    ///
    /// - Throws: `noSuchFile`, `malformedFile`, `missingColumn` or `invalidLabelSet`.
    package init(file path: String, columns: [String]) throws(CorpusError) {
        let bytes = try InputFile.contents(path: path, limit: Self.fileLimit)
        let file: JSONValue
        do {
            file = try JSONParser.parse(bytes)
        } catch {
            throw .malformedFile(
                path: path,
                problem: "\(error.problem.rawValue), at byte \(error.offset)"
            )
        }
        guard case .object = file else {
            throw .malformedFile(path: path, problem: "it is not an object of columns and values")
        }
        var values: [[String]] = []
        for column in columns {
            guard let list = file[column] else {
                throw .missingColumn(path: path, column: column, from: .objects)
            }
            values.append(try Self.values(list, column: column, path: path))
        }
        try self.init(columns: columns, values: values)
        try requireNoTabs()
    }

    /// Labels of several columns are joined by TABs before the text: a value with one would make two
    /// classes begin alike.
    private func requireNoTabs() throws(CorpusError) {
        guard columns.count > 1 else { return }
        for (column, values) in zip(columns, values) {
            guard let place = values.firstIndex(where: { $0.utf8.contains(0x09) }) else { continue }
            throw .invalidLabelSet(
                problem:
                    "column \"\(column)\" has a TAB in its value number \(place + 1), and TABs "
                    + "stand between the values of several columns"
            )
        }
    }

    private static func values(
        _ list: JSONValue,
        column: String,
        path: String
    ) throws(CorpusError) -> [String] {
        guard case .array(let elements) = list else {
            throw .malformedFile(path: path, problem: "column \"\(column)\" is no list of values")
        }
        var values: [String] = []
        for element in elements {
            guard let bytes = element.scalarText else {
                throw .malformedFile(
                    path: path,
                    problem: "column \"\(column)\" has a value that is no text"
                )
            }
            values.append(String(decoding: bytes, as: UTF8.self))
        }
        return values
    }

    /// The values found in the records, in the order of their bytes.
    ///
    /// This treats the values that occur as public: say so, loudly, wherever it is used.
    package init(foundIn records: [Record], columns: [String]) throws(CorpusError) {
        var found = Array(repeating: Set<[UInt8]>(), count: columns.count)
        for record in records {
            for (column, label) in record.labels.enumerated() { found[column].insert(label) }
        }
        try self.init(
            columns: columns,
            values: found.map { values in
                values.sorted { $0.lexicographicallyPrecedes($1) }
                    .map { String(decoding: $0, as: UTF8.self) }
            }
        )
    }

    /// Writes the file that `init(file:columns:)` reads, readable by its owner.
    ///
    /// - Throws: `cannotWrite`.
    package func write(to path: String) throws(CorpusError) {
        var text = Array("{".utf8)
        for (place, (column, values)) in zip(columns, values).enumerated() {
            text += Array((place == 0 ? "\n  " : ",\n  ").utf8)
            JSONText.appendString(Array(column.utf8), to: &text)
            text += Array(": [".utf8)
            for (place, value) in values.enumerated() {
                if place > 0 { text += Array(", ".utf8) }
                JSONText.appendString(Array(value.utf8), to: &text)
            }
            text += Array("]".utf8)
        }
        let file = try OutputFile(path: path)
        try file.write(text + Array("\n}\n".utf8))
        try file.finish()
    }
}
