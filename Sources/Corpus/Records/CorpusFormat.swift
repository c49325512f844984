import Foundation

/// The formats of record files, told by the file's extension; `.gz` behind it means compressed.
package enum CorpusFormat: String, CaseIterable, Sendable {
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// The same with tabs for commas.
    case tsv
    /// One JSON object a line.
    case jsonl
    /// One text a line.
    case txt

    /// The format of the file of that path.
    package init(path: String) throws(CorpusError) {
        let name = URL(fileURLWithPath: StandardInput.named(path))
        let inner = Self.isCompressed(path) ? name.deletingPathExtension() : name
        guard let format = CorpusFormat(rawValue: inner.pathExtension.lowercased()) else {
            throw .unsupportedFormat(path: path)
        }
        self = format
    }

    /// Whether the file of that path is gzip by its name.
    static func isCompressed(_ path: String) -> Bool {
        StandardInput.named(path).lowercased().hasSuffix(".gz")
    }

    /// What stands between the fields of a table's row; nil if the format is no table.
    var separator: UInt8? {
        switch self {
        case .csv: UInt8(ascii: ",")
        case .tsv: 0x09
        case .jsonl, .txt: nil
        }
    }
}
