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
