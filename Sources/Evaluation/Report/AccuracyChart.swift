/// Accuracy of each row with its interval, as dots on one axis, between majority class and real text.
struct AccuracyChart {
    let report: ComparisonReport
    let column: String

    /// The drawing, or `nil` when fewer than two rows have an accuracy.
    var svg: String? {
        let rows = report.rows.filter { $0.metrics.accuracy[column] != nil }
        guard rows.count > 1 else { return nil }
        let left = min(230, 40 + 7.2 * Double(rows.map(\.name.count).max() ?? 0))
        let height = 34 * Double(rows.count) + 62
        let values = rows.flatMap { row in
            (row.metrics.accuracyInterval[column] ?? []) + (row.metrics.accuracySeeds[column] ?? [])
        }
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
        reference(.majorityClass, "majority class", .middle, scale, height, &canvas)
        reference(.real, "real texts", .middle, scale, height, &canvas)
        var methods = 0
        for (index, row) in rows.enumerated() {
            let color = row.reference.map { Self.color($0) } ?? ReportPalette.method(methods)
            if row.reference == nil { methods += 1 }
            draw(row, y: 44 + 34 * Double(index), left: left, color, scale, &canvas)
        }
        return canvas.text
    }

    private func draw(
        _ row: ComparisonRow,
        y: Double,
        left: Double,
        _ color: String,
        _ scale: AxisScale,
        _ canvas: inout SVGCanvas
    ) {
        let value = row.metrics.accuracy[column] ?? 0
        canvas.label(
            HTMLText.shortened(row.name, to: 28),
            left - 14,
            y + 4,
            anchor: .end,
            color: row.reference == nil ? ReportPalette.ink : ReportPalette.muted,
            isBold: row.reference == nil
        )
        if let interval = row.metrics.accuracyInterval[column], interval.count == 2 {
            canvas.line(
                scale.place(interval[0]),
                y,
                scale.place(interval[1]),
                y,
                color: color,
                width: 2
            )
        }
        for seed in row.metrics.accuracySeeds[column] ?? [] {
            canvas.line(scale.place(seed), y + 5, scale.place(seed), y + 10, color: color)
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

    private func reference(
        _ reference: ComparisonRow.Reference,
        _ name: String,
        _ anchor: SVGCanvas.Anchor,
        _ scale: AxisScale,
        _ height: Double,
        _ canvas: inout SVGCanvas
    ) {
        guard let value = report.row(reference)?.metrics.accuracy[column] else { return }
        let place = scale.place(value)
        canvas.line(
            place,
            22,
            place,
            height - 36,
            color: Self.color(reference),
            dashes: "3 3"
        )
        canvas.label(name, place, 14, anchor: anchor, color: ReportPalette.muted, size: 11)
    }

    private static func color(_ reference: ComparisonRow.Reference) -> String {
        switch reference {
        case .real: ReportPalette.real
        case .majorityClass, .untunedBase: ReportPalette.reference
        }
    }
}
