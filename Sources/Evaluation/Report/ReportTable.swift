/// A table of metrics, before it is written as Markdown or HTML.
struct ReportTable {
    /// Which direction is better.
    enum Better {
        case higher
        case lower
        case neither

        /// What stands beside a title.
        var arrow: String {
            switch self {
            case .higher: "↑"
            case .lower: "↓"
            case .neither: ""
            }
        }
    }

    /// One column of numbers.
    struct Column {
        let title: String
        let better: Better
        let decimals: Int
        let value: (GroupMetrics) -> RunStatistics?
    }

    let columns: [Column]
    /// References first, then a line for the runs of each method at one ε.
    let lines: [ComparisonGroup]
    /// Whether a line says how many runs it holds.
    let countsRuns: Bool
    /// Whether the best of the methods at one ε is marked.
    var marksBest = true

    /// What a cell holds: the mean, and half the interval if there is one.
    func text(_ column: Column, _ line: ComparisonGroup) -> String {
        let statistics = column.value(line.metrics)
        let value = ReportNumber.fixed(statistics?.mean, column.decimals)
        guard let reach = statistics?.reach else { return value }
        // Shares lie between 0 and 1: a longer interval would only look like a measurement.
        guard reach < column.most / 2 else { return "\(value) ± >0.5" }
        return "\(value) ± \(ReportNumber.fixed(reach, column.decimals))"
    }

    /// Whether a method has the best mean of at least two at its ε.
    ///
    /// Methods with ε = ∞ do not compete, unless all have it. Those that state no guarantee compete
    /// when none does.
    func isBest(_ column: Column, _ line: ComparisonGroup) -> Bool {
        guard marksBest, line.reference == nil, let own = column.value(line.metrics)?.mean else {
            return false
        }
        let methods = lines.filter { $0.reference == nil }
        guard line.isPrivate || !methods.contains(where: \.isPrivate) else { return false }
        guard line.privacy != nil || methods.allSatisfy({ $0.privacy == nil }) else { return false }
        let rivals = methods.filter { $0.budget == line.budget }
            .compactMap { column.value($0.metrics)?.mean }
        guard Set(rivals).count > 1 else { return false }
        switch column.better {
        case .higher: return own == rivals.max()
        case .lower: return own == rivals.min()
        case .neither: return false
        }
    }

    /// Whether "Read before comparing" has a warning about a line.
    func isFlagged(_ line: ComparisonGroup) -> Bool { line.rows.contains { !$0.flags.isEmpty } }

    /// ε of a line, or what it is instead.
    func guarantee(_ line: ComparisonGroup) -> String {
        guard let claim = line.privacy else {
            return line.reference == nil ? PrivacyClaim.unstated : "–"
        }
        return ReportNumber.epsilon(claim.epsilon)
    }

    /// The number of runs of a line; references have none.
    func runs(_ line: ComparisonGroup) -> String {
        line.reference == nil ? String(line.rows.count) : "–"
    }
}

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
