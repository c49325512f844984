/// Whether a file is what its name says, judged by all of its records.
///
/// No record decides alone, as what it is must not show in how a command ends. A record is strange if
/// it holds bytes that are not UTF-8 or a NUL, or is no JSON where there should be some. A file is
/// refused if at least twenty of its records are strange, and
///
/// - more than three quarters of them are, or
/// - more than half are and the file begins with the mark of another format.
///
/// A corpus that holds so many strange records is refused with one record more or less, too, unless it
/// lies exactly on that border.
struct FormatCheck {
    private let path: String
    private let format: CorpusFormat
    private let head: [UInt8]
    private var recordCount = 0
    private var strangeCount = 0

    /// A check of the file that begins with `head`.
    init(path: String, format: CorpusFormat, head: [UInt8]) {
        self.path = path
        self.format = format
        self.head = head
    }

    /// Takes what a source gave.
    mutating func add(_ outcome: Result<RecordFields, BadRecord.Reason>) {
        recordCount += 1
        switch outcome {
        case .success(let fields): strangeCount += fields.text.contains(0) ? 1 : 0
        case .failure(.invalidUTF8): strangeCount += 1
        case .failure(.malformedJSON): strangeCount += format == .jsonl ? 1 : 0
        case .failure: break
        }
    }

    /// What the file is instead, after its last record.
    var refusal: CorpusError? {
        let isMarked = FileKind(markOf: head) != nil
        guard strangeCount >= 20, 4 * strangeCount > (isMarked ? 2 : 3) * recordCount else {
            return nil
        }
        return error
    }

    /// What a file looks like that has no record to use anyway.
    var refusalWithoutRecords: CorpusError? {
        strangeCount > 0 && strangeCount == recordCount ? error : nil
    }

    private var error: CorpusError {
        .otherFormat(
            path: path,
            kind: FileKind(head: head, isJSONExpected: format == .jsonl)
        )
    }
}
