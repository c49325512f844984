/// One record of the corpus: private in every part but its number.
package struct Record: Sendable {
    /// The record's place among all records of all files, bad ones included, from 1 on.
    package let number: Int
    /// The text, valid UTF-8, not empty.
    package let text: [UInt8]
    /// The values of the label columns, in their order, none empty; as spelled in the file.
    package let labels: [[UInt8]]
    /// The user's id, if a user column was selected.
    package let user: [UInt8]?

    /// A record of these parts.
    package init(number: Int, text: [UInt8], labels: [[UInt8]] = [], user: [UInt8]? = nil) {
        self.number = number
        self.text = text
        self.labels = labels
        self.user = user
    }
}

/// A record that is dropped: where it was and why, without a word of it.
///
/// Which records are bad is as private as the records; counts of them are private diagnostics.
package struct BadRecord: Error, Equatable, Sendable {
    /// Why a record cannot be used.
    package enum Reason: String, CaseIterable, Sendable {
        /// A selected field has bytes that are not UTF-8.
        case invalidUTF8 = "invalid-utf-8"
        /// More or fewer fields than the header has.
        case wrongFieldCount = "wrong-field-count"
        /// A selected label or user is absent, empty or null.
        case missingValue = "missing-value"
        /// The text is empty, so there is nothing to predict.
        case emptyText = "empty-text"
        /// Something other than a comma or a line end follows a closing quote.
        case malformedQuotes = "malformed-quotes"
        /// A quote is still open at the end of the file.
        case unterminatedQuote = "unterminated-quote"
        /// Longer than the cap on records.
        case tooLong = "too-long"
        /// The line is not one JSON object.
        case malformedJSON = "malformed-json"
        /// A key occurs twice in one object, so that its value is ambiguous.
        case duplicateKey = "duplicate-key"
        /// The text is no string, or a label is a list or an object.
        case wrongType = "wrong-type"
        /// A label holds a TAB beside other labels: labels are joined by TABs before the text, and two
        /// classes would begin alike.
        case tabInLabel = "tab-in-label"
        /// A label value that the public label set does not have.
        case unknownLabel = "unknown-label"
        /// The labels alone fill the sequence length.
        case labelsTooLong = "labels-too-long"
    }

    /// The record's place among all records, from 1 on.
    package let number: Int
    /// Why it is dropped.
    package let reason: Reason

    /// A record that is dropped for that reason.
    package init(number: Int, reason: Reason) {
        self.number = number
        self.reason = reason
    }
}

/// Which columns of the data are read; all others are ignored.
package struct ColumnSelection: Sendable {
    /// The column of the text; a `.txt` file has no other, whatever it is called here.
    package var text: String
    /// The label columns, in the order in which labels stand before the text.
    package var labels: [String]
    /// The column that says whose record it is, for user-level privacy.
    package var user: String?

    /// Selects columns by name; names are compared byte by byte.
    package init(text: String = "text", labels: [String] = [], user: String? = nil) {
        self.text = text
        self.labels = labels
        self.user = user
    }

    /// A column that was asked for as two things; nil if each has one purpose.
    ///
    /// The text as its own label would put private text among the label values, which are public.
    package var columnWithTwoPurposes: String? {
        var seen = Set<[UInt8]>()
        return all.first { !seen.insert(Array($0.utf8)).inserted }
    }

    /// Every name after what it is for: equal only for the same choice of columns.
    package var namesByPurpose: [String] {
        ["text", text, "labels"] + labels + ["user", user ?? ""]
    }

    /// All selected names: text, labels, user.
    var all: [String] { [text] + labels + (user.map { [$0] } ?? []) }
}

/// The selected fields of one record.
struct RecordFields {
    var text: [UInt8]
    var labels: [[UInt8]]
    var user: [UInt8]?
}

/// The records of one file, whatever its format.
protocol RecordSource {
    /// How the file begins, for telling what it is if it is not what its name says.
    var head: [UInt8] { get }
    /// The next record's fields or the reason why it has none; nil at the end of the file.
    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>?
}

extension BadRecord.Reason: Error {}

extension RecordFields {
    /// What is wrong with the fields, if anything.
    var problem: BadRecord.Reason? {
        let selected = [text] + labels + (user.map { [$0] } ?? [])
        guard selected.allSatisfy({ UTF8Scan.isValid($0.span) }) else { return .invalidUTF8 }
        if labels.contains(where: \.isEmpty) || user?.isEmpty == true { return .missingValue }
        if labels.count > 1, labels.contains(where: { $0.contains(0x09) }) { return .tabInLabel }
        return text.isEmpty ? .emptyText : nil
    }

    /// The fields if nothing is wrong with them.
    var checked: Result<RecordFields, BadRecord.Reason> {
        problem.map { .failure($0) } ?? .success(self)
    }
}
