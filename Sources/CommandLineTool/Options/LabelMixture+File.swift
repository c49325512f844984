import Corpus
import Foundation

extension LabelMixture {
    /// Reads `--label-distribution`.
    ///
    /// | form | meaning |
    /// |---|---|
    /// | `{"topic": {"billing": 0.3, …}, "mood": {…}}` | columns independent; values left out weigh 0 |
    /// | `{"billing": 0.3, …}` | the same, with a single label column |
    /// | `[{"topic": "billing", "mood": "good", "weight": 3}, …]` | combinations |
    /// | `.csv` or `.tsv` with the label columns and `weight` or `count` | combinations |
    ///
    /// - Throws: `ToolError.missingInput`, `ToolError.usage`.
    init(file path: String, labelSet: LabelSet) throws {
        let format = try? CorpusFormat(path: path)
        if format == .csv || format == .tsv {
            try self.init(csv: path, labelSet: labelSet)
            return
        }
        // To its end, whatever its size says: it may be a pipe.
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.readToEnd() ?? Data()
        else {
            throw ToolError.missingInput("\(path): no such file (--label-distribution)")
        }
        switch try? JSONSerialization.jsonObject(with: data) {
        case let rows as [[String: Any]]:
            let parts = try rows.map { try Self.part($0, columns: labelSet.columns, path: path) }
            try self.init(parts: parts, labelSet: labelSet, source: path)
        case let columns as [String: [String: Double]]:
            try self.init(byColumn: columns, labelSet: labelSet, path: path)
        case let values as [String: Double] where labelSet.columns.count == 1:
            guard labelSet.values[0].contains(where: { values[$0] != nil }) else {
                throw ToolError.usage("\(path): it names no value of \(labelSet.columns[0])")
            }
            try self.init(byColumn: [labelSet.columns[0]: values], labelSet: labelSet, path: path)
        default:
            throw ToolError.usage(
                "\(path): neither {column: {value: weight}} nor a list of combinations with a weight "
                    + "(--label-distribution)"
            )
        }
    }

    /// A name is quoted only beside one that is right: a private file given by mistake shows nothing of itself.
    private init(
        byColumn columns: [String: [String: Double]],
        labelSet: LabelSet,
        path: String
    ) throws {
        guard labelSet.columns.contains(where: { columns[$0] != nil }) else {
            throw ToolError.usage(
                "\(path): it names none of the label columns, which are "
                    + labelSet.columns.joined(separator: ", ")
            )
        }
        if let other = columns.keys.sorted().first(where: { !labelSet.columns.contains($0) }) {
            throw ToolError.usage(
                "\(path): '\(other.prefix(60))' is none of the label columns, which are "
                    + labelSet.columns.joined(separator: ", ")
            )
        }
        let weights = try zip(labelSet.columns, labelSet.values).map { column, values in
            guard let given = columns[column] else {
                throw ToolError.usage("\(path): the label column \(column) is missing")
            }
            if let other = given.keys.sorted().first(where: { !values.contains($0) }) {
                throw Self.unknown(other, column, values, source: path)
            }
            return values.map { given[$0] ?? 0 }
        }
        try self.init(independent: weights, labelSet: labelSet, source: path)
    }

    private static func part(
        _ row: [String: Any],
        columns: [String],
        path: String
    ) throws -> Part {
        let labels = columns.compactMap { row[$0] as? String }
        guard labels.count == columns.count,
            let weight = (row["weight"] ?? row["count"]) as? Double
        else {
            throw ToolError.usage(
                "\(path): every combination needs \(columns.joined(separator: ", ")) and weight"
            )
        }
        return Part(labels: labels, weight: weight)
    }

    private init(csv path: String, labelSet: LabelSet) throws {
        let weightColumn: String
        do {
            _ = try CorpusReader(paths: [path], columns: ColumnSelection(text: "weight"))
            weightColumn = "weight"
        } catch CorpusError.missingColumn { weightColumn = "count" }
        let rows = try CorpusReader.readAll(
            paths: [path],
            columns: ColumnSelection(text: weightColumn, labels: labelSet.columns)
        ).records
        let parts = try rows.map { row in
            guard let weight = Double(String(decoding: row.text, as: UTF8.self)) else {
                throw ToolError.usage("\(path), record \(row.number): the weight is no number")
            }
            return Part(
                labels: row.labels.map { String(decoding: $0, as: UTF8.self) },
                weight: weight
            )
        }
        try self.init(parts: parts, labelSet: labelSet, source: path)
    }
}
