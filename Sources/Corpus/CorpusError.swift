/// What can be wrong with files, columns and label sets.
///
/// Never quotes a record.
package enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case noSuchFile(path: String)
    /// The file exists but could not be read.
    case unreadable(path: String, reason: String)
    /// The file's name ends in none of .csv, .tsv, .jsonl and .txt, with or without .gz.
    case unsupportedFormat(path: String)
    /// The file as a whole is not what its name says.
    case otherFormat(path: String, kind: FileKind)
    /// A compressed file is damaged, or its end is missing.
    case damagedCompression(path: String)
    /// The file holds no record at all.
    case emptyFile(path: String)
    /// A column that was asked for is not there.
    case missingColumn(path: String, column: String, from: ColumnPlace)
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

    /// Where a column was looked for.
    ///
    /// No name that was found there: a first line without the column may be no header but a record,
    /// and keys of objects are content.
    package enum ColumnPlace: Equatable, Sendable {
        /// The first line of a table, which has that many fields.
        case firstLine(fieldCount: Int)
        /// The objects of a file, of which none has it.
        case objects
        /// One text a line, without any columns.
        case plainText
    }

    /// One sentence or two: what, where, what to do.
    package var description: String {
        switch self {
        case .noSuchFile(let path):
            "\(path): no such file. Check the path."
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)). Check that it is a file you may read."
        case .unsupportedFormat(let path):
            Self.describeUnsupportedFormat(path)
        case .otherFormat(let path, let kind):
            "\(path): not what its name says; it looks like \(kind.rawValue). \(kind.remedy(path))"
        case .damagedCompression(let path):
            "\(path): the compressed data is damaged or cut off. Check it with gzip -t, and copy it "
                + "again."
        case .emptyFile(let path):
            "\(path): the file holds no record. Pass a file with at least one."
        case .missingColumn(let path, let column, let place):
            "\(path): there is no column \"\(column)\". \(place.advice)"
        case .noUsableRecord(let paths):
            "\(paths.joined(separator: ", ")): no usable record. Run `dpscribe lint` for the reasons."
        case .fileTooLarge(let path, let bytes, let limit):
            "\(path): \(bytes) bytes; at most \(limit) are read. Check that it is the right file."
        case .malformedFile(let path, let problem):
            "\(path): \(problem)."
        case .invalidLabelSet(let problem):
            "The label set cannot be used: \(problem)."
        case .unknownFolder(let path):
            "\(path): no synthetic text found. Pass a .csv, .tsv, .jsonl or .txt file, an aug-pe result "
                + "folder or a folder with synthetic_text/."
        case .cannotWrite(let path, let reason, _):
            "\(path): cannot be written (\(reason))."
        }
    }

    private static func describeUnsupportedFormat(_ path: String) -> String {
        let what = "\(path): the format is unknown."
        if path.lowercased().hasSuffix(".parquet") {
            return "\(what) \(FileKind.parquet.remedy(path))"
        }
        return "\(what) Name the file .csv, .tsv, .jsonl or .txt, with .gz behind it if compressed."
    }
}

extension CorpusError.ColumnPlace {
    /// What was looked at, and what to do about it.
    var advice: String {
        switch self {
        case .firstLine(1):
            "Its first line has 1 column. Is it a header line? Put the names of the columns there, "
                + "spelled as you ask for them."
        case .firstLine(let count):
            "Its first line has \(count) columns. Is it a header line? Put the names of the columns "
                + "there, spelled as you ask for them."
        case .objects:
            "No object has that key. Spell it as the file does."
        case .plainText:
            "A file of plain lines holds texts alone. Use .csv or .jsonl for labels and users."
        }
    }
}
