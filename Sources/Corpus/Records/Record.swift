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
