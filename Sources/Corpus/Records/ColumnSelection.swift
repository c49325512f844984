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
