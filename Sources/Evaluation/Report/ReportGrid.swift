/// A table of texts, before it is written as Markdown or HTML; nothing in it is escaped.
struct ReportGrid {
    /// How a column is aligned.
    enum Alignment {
        /// Words: to the left.
        case text
        /// Numbers: to the right.
        case number
    }

    /// Titles of the columns; the first names the row.
    let titles: [String]
    /// As many as titles.
    let alignments: [Alignment]
    let rows: [[String]]

    /// A table whose first column, and those named in `texts`, hold words.
    init(_ titles: [String], texts: Set<String> = [], rows: [[String]]) {
        self.titles = titles
        self.rows = rows
        alignments = titles.enumerated().map { place, title in
            place == 0 || texts.contains(title) ? .text : .number
        }
    }
}
