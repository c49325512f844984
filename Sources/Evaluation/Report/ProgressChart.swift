/// How ε grew while a run went on; public figures of its ledger.
public struct RunProgress: Sendable, Codable, Equatable {
    /// After so many steps.
    public struct Point: Sendable, Codable, Equatable {
        /// Steps or releases made, at least 1.
        public let done: Int
        /// ε of them together.
        public let epsilon: Double

        /// A point of the curve.
        public init(done: Int, epsilon: Double) {
            self.done = done
            self.epsilon = epsilon
        }
    }

    /// The row whose texts come from the run.
    public let row: String
    /// What is counted: "steps" or "releases".
    public let unit: String
    /// In order; the last one is all that the run released, its steps and what else there was.
    public let points: [Point]

    /// Describes a run.
    public init(row: String, unit: String, points: [Point]) {
        self.row = row
        self.unit = unit
        self.points = points
    }
}

/// ε against the share of a run that was done, one line a run.
struct ProgressChart {
    let report: ComparisonReport

    /// Runs that are drawn at most.
    private static let most = 8

    /// The drawing; nil without a run of two points.
    var svg: String? {
        let runs = report.figures.progress.filter { $0.points.count > 1 }.prefix(Self.most)
        guard !runs.isEmpty else { return nil }
        let colors = ReportColors(report: report)
        var canvas = SVGCanvas(width: 720, height: 280, title: "ε over the steps of the runs")
        let up = AxisScale(
            values: runs.flatMap(\.points).map(\.epsilon),
            start: 226,
            end: 20,
            includesZero: true
        )
        let across = AxisScale(values: [0, 100], start: 56, end: 540)
        canvas.rules(at: up, from: 56, to: 540, labelledAt: 48)
        canvas.foot(of: across, unit: " %", title: "share of the run that was done", at: 298)
        for (place, run) in runs.enumerated() {
            let group = report.groups.first { $0.runs.contains(run.row) }
            let color = group.map(colors.color) ?? ReportPalette.reference
            let dashes = group.map(colors.dashes) ?? ""
            let total = Double(run.points.last?.done ?? 1)
            let points = run.points.map { point in
                (x: across.place(100 * Double(point.done) / total), y: up.place(point.epsilon))
            }
            canvas.polyline([(across.place(0), up.place(0))] + points, color: color, dashes: dashes)
            let y = 34 + 30 * Double(place)
            canvas.line(554, y - 4, 572, y - 4, color: color, width: 2.4, dashes: dashes)
            canvas.label(HTMLText.shortened(run.row, to: 20), 578, y, size: 11)
            canvas.label(
                "\(ReportNumber.count(run.points.last?.done ?? 0)) \(run.unit)",
                578,
                y + 13,
                color: ReportPalette.muted,
                size: 10
            )
        }
        return canvas.text
    }

    /// Under the drawing.
    static let caption =
        "By the ledgers of the runs that are here: ε of the steps so far, and at the end of all that the run "
        + "released. It grows fast at first and slowly later, so that a run that is cut short saves less than "
        + "its share. Ledgers hold no times."
}
