import Foundation

/// The formats of record files, told by the file's extension.
package enum CorpusFormat: String, CaseIterable, Sendable {
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// One JSON object a line.
    case jsonl
    /// One text a line.
    case txt

    /// The format of the file of that path.
    package init(path: String) throws(CorpusError) {
        let suffix = URL(fileURLWithPath: path).pathExtension.lowercased()
        guard let format = CorpusFormat(rawValue: suffix) else {
            throw .unsupportedFormat(path: path)
        }
        self = format
    }
}
