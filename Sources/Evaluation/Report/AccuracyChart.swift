/// Accuracy of each line with its interval, as dots on one axis, between majority class and real text.
struct AccuracyChart {
    let report: ComparisonReport
    let column: String

    /// The drawing, or `nil` when fewer than two rows have an accuracy.
    var svg: String? {
        let rows = report.lines.filter { $0.metrics.judgedAccuracy[column] != nil }
        guard rows.count > 1 else { return nil }
        let colors = ReportColors(report: report)
        let left = min(230, 40 + 7.2 * Double(rows.map(\.name.count).max() ?? 0))
        let height = 34 * Double(rows.count) + 62
        let values = rows.flatMap { interval(of: $0) + ticks(of: $0) }
        var canvas = SVGCanvas(
            width: 720,
            height: height,
            title: "Accuracy of \(column) by row, with 95 % intervals"
        )
        let scale = AxisScale(values: values, start: left, end: 655)
        for tick in scale.ticks {
            canvas.line(
                scale.place(tick),
                26,
                scale.place(tick),
                height - 36,
                color: ReportPalette.line
            )
            canvas.label(
                scale.label(tick),
                scale.place(tick),
                height - 18,
                anchor: .middle,
                color: ReportPalette.muted
            )
        }
        references(scale, height, &canvas)
        for (index, row) in rows.enumerated() {
            draw(
                row,
                y: 44 + 34 * Double(index),
                left: left,
                colors.color(of: row),
                scale,
                &canvas
            )
        }
        return canvas.text
    }

    /// The ends of the interval, within what an accuracy can be; none without one.
    private func interval(of line: ComparisonGroup) -> [Double] {
        (line.metrics.judgedAccuracy[column]?.interval ?? []).map { min(1, max(0, $0)) }
    }

    /// Single runs, or the seeds of the only one.
    private func ticks(of line: ComparisonGroup) -> [Double] {
        line.rows.count > 1
            ? line.rows.compactMap { $0.metrics.judgedAccuracy[column] }
            : line.rows[0].metrics.judgedAccuracySeeds[column] ?? []
    }

    private func draw(
        _ row: ComparisonGroup,
        y: Double,
        left: Double,
        _ color: String,
        _ scale: AxisScale,
        _ canvas: inout SVGCanvas
    ) {
        let value = row.metrics.judgedAccuracy[column]?.mean ?? 0
        let interval = interval(of: row)
        canvas.label(
            HTMLText.shortened(row.name, to: 28),
            left - 14,
            y + 4,
            anchor: .end,
            color: row.reference == nil ? ReportPalette.ink : ReportPalette.muted,
            isBold: row.reference == nil
        )
        if interval.count == 2 {
            canvas.line(
                scale.place(interval[0]),
                y,
                scale.place(interval[1]),
                y,
                color: color,
                width: 2
            )
        }
        for tick in ticks(of: row) {
            canvas.line(scale.place(tick), y + 6, scale.place(tick), y + 12, color: color)
        }
        canvas.circle(scale.place(value), y, radius: 5, color: color)
        canvas.label(
            ReportNumber.fixed(value, 3),
            712,
            y + 4,
            anchor: .end,
            color: row.reference == nil ? ReportPalette.ink : ReportPalette.muted
        )
    }

    /// Two values nearer than this have their names on the outer sides of their lines.
    private static let roomForNames = 90.0

    /// Where the majority class and the real texts stand, as lines from top to bottom.
    private func references(_ scale: AxisScale, _ height: Double, _ canvas: inout SVGCanvas) {
        let names: [(ComparisonRow.Reference, String)] = [
            (.majorityClass, "majority class"), (.real, "real texts"),
        ]
        let marks = names.compactMap { reference, name in
            report.row(reference)?.metrics.judgedAccuracy[column].map {
                (reference: reference, name: name, place: scale.place($0))
            }
        }
        .sorted { $0.place < $1.place }
        let isTight = marks.count == 2 && marks[1].place - marks[0].place < Self.roomForNames
        for (index, mark) in marks.enumerated() {
            canvas.line(
                mark.place,
                22,
                mark.place,
                height - 36,
                color: mark.reference == .real ? ReportPalette.real : ReportPalette.reference,
                dashes: "3 3"
            )
            canvas.label(
                mark.name,
                isTight ? mark.place + (index == 0 ? -2 : 2) : mark.place,
                14,
                anchor: isTight ? (index == 0 ? .end : .start) : .middle,
                color: ReportPalette.muted,
                size: 11
            )
        }
    }
}
