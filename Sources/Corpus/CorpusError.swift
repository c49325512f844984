/// What can be wrong with files, columns and label sets.
///
/// Never quotes a record.
package enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case noSuchFile(path: String)
    /// The file exists but could not be read.
    case unreadable(path: String, reason: String)
    /// The file's name says neither .csv nor .jsonl nor .txt.
    case unsupportedFormat(path: String)
    /// The file holds no record at all.
    case emptyFile(path: String)
    /// A column that was asked for is not there; `available` are the names of the header.
    case missingColumn(path: String, column: String, available: [String])
    /// Every record of the data had to be dropped.
    case noUsableRecord(paths: [String])
    /// A vocabulary, merges or label file is larger than its cap.
    case fileTooLarge(path: String, bytes: Int, limit: Int)
    /// A vocabulary, merges or label file says something impossible.
    case malformedFile(path: String, problem: String)
    /// A label set cannot be used.
    case invalidLabelSet(problem: String)
    /// A folder holds no synthetic text in a known layout.
    case unknownFolder(path: String)
    /// A file could not be written.
    case cannotWrite(path: String, reason: String, isDiskFull: Bool)

    /// One sentence or two: what, where, what to do.
    package var description: String {
        switch self {
        case .noSuchFile(let path):
            "\(path): no such file. Check the path."
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)). Check that it is a file you may read."
        case .unsupportedFormat(let path):
            "\(path): the format is unknown. Name the file .csv, .jsonl or .txt."
        case .emptyFile(let path):
            "\(path): the file holds no record. Pass a file with at least one."
        case .missingColumn(let path, let column, let available):
            Self.describeMissingColumn(path, column, available)
        case .noUsableRecord(let paths):
            "\(paths.joined(separator: ", ")): no usable record. Run `dpscribe lint` for the reasons."
        case .fileTooLarge(let path, let bytes, let limit):
            "\(path): \(bytes) bytes; at most \(limit) are read. Check that it is the right file."
        case .malformedFile(let path, let problem):
            "\(path): \(problem)."
        case .invalidLabelSet(let problem):
            "The label set cannot be used: \(problem)."
        case .unknownFolder(let path):
            "\(path): no synthetic text found. Pass a .csv, .jsonl or .txt file, an aug-pe result "
                + "folder or a folder with synthetic_text/."
        case .cannotWrite(let path, let reason, _):
            "\(path): cannot be written (\(reason))."
        }
    }

    private static func describeMissingColumn(
        _ path: String,
        _ column: String,
        _ available: [String]
    ) -> String {
        let what = "\(path): there is no column \"\(column)\"."
        if available.isEmpty { return what }
        let names = available.map { "\"\($0)\"" }.joined(separator: ", ")
        return "\(what) The columns are \(names)."
    }
}
