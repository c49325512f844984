import Foundation

/// A metric against ε, one line per series, for comparisons at several ε.
struct EpsilonChart {
    let report: ComparisonReport
    let column: String

    /// The drawing, or `nil` when no series has two different ε.
    var svg: String? {
        let rows = report.methods.filter { $0.privacy != nil && $0.metrics.accuracy[column] != nil }
        let series = rows.map(\.series).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let budgets = Set(rows.compactMap { $0.privacy?.epsilon }).sorted()
        guard budgets.count > 1,
            series.contains(where: { name in
                Set(rows.filter { $0.series == name }.compactMap { $0.privacy?.epsilon }).count > 1
            })
        else { return nil }
        var canvas = SVGCanvas(width: 720, height: 320, title: "Accuracy of \(column) against ε")
        let references = [ComparisonRow.Reference.real, .majorityClass]
            .compactMap { report.row($0)?.metrics.accuracy[column] }
        let scale = AxisScale(
            values: rows.flatMap { $0.metrics.accuracyInterval[column] ?? [] } + references,
            start: 270,
            end: 26
        )
        var labels: [Label] = []
        frame(scale, budgets, &labels, &canvas)
        for (index, name) in series.enumerated() {
            let own = rows.filter { $0.series == name }.sorted { budget($0) < budget($1) }
            draw(own, name, index, budgets, scale, &labels, &canvas)
        }
        write(labels, to: &canvas)
        return canvas.text
    }

    /// A name at the right edge, beside the line it belongs to.
    private struct Label {
        let text: String
        let color: String
        var y: Double
    }

    /// Writes the labels in the order of their lines, moved down where they would overlap.
    private func write(_ labels: [Label], to canvas: inout SVGCanvas) {
        var lowest = -Double.infinity
        for label in labels.sorted(by: { $0.y < $1.y }) {
            let y = max(label.y, lowest + 15)
            canvas.label(
                HTMLText.shortened(label.text, to: 16),
                600,
                y + 4,
                color: label.color,
                size: 11.5,
                isBold: label.color != ReportPalette.muted
            )
            lowest = y
        }
    }

    private func budget(_ row: ComparisonRow) -> Double { row.privacy?.epsilon ?? .infinity }

    /// ε on a logarithmic axis; infinity stands apart at the right.
    private func place(_ epsilon: Double, among budgets: [Double]) -> Double {
        let finite = budgets.filter(\.isFinite).map { log($0) }
        let end = budgets.last.map { $0.isFinite ? 560.0 : 470.0 } ?? 560
        guard epsilon.isFinite else { return 560 }
        guard let least = finite.first, let most = finite.last, most > least else { return 90 }
        return 90 + (log(epsilon) - least) / (most - least) * (end - 90)
    }

    private func frame(
        _ scale: AxisScale,
        _ budgets: [Double],
        _ labels: inout [Label],
        _ canvas: inout SVGCanvas
    ) {
        for tick in scale.ticks {
            canvas.line(60, scale.place(tick), 590, scale.place(tick), color: ReportPalette.line)
            canvas.label(
                scale.label(tick),
                50,
                scale.place(tick) + 4,
                anchor: .end,
                color: ReportPalette.muted
            )
        }
        for budget in budgets {
            canvas.label(
                ReportNumber.epsilon(budget),
                place(budget, among: budgets),
                292,
                anchor: .middle,
                color: ReportPalette.muted
            )
        }
        canvas.label(
            "privacy budget ε (logarithmic)",
            325,
            314,
            anchor: .middle,
            color: ReportPalette.muted,
            size: 11
        )
        let names: [(ComparisonRow.Reference, String)] = [
            (.real, "real texts"), (.majorityClass, "majority class"),
        ]
        for (reference, name) in names {
            guard let value = report.row(reference)?.metrics.accuracy[column] else { continue }
            canvas.line(
                60,
                scale.place(value),
                590,
                scale.place(value),
                color: ReportPalette.reference,
                dashes: "3 3"
            )
            labels.append(Label(text: name, color: ReportPalette.muted, y: scale.place(value)))
        }
    }

    private func draw(
        _ rows: [ComparisonRow],
        _ name: String,
        _ index: Int,
        _ budgets: [Double],
        _ scale: AxisScale,
        _ labels: inout [Label],
        _ canvas: inout SVGCanvas
    ) {
        let color = ReportPalette.method(index)
        let points = rows.map { row in
            (
                x: place(budget(row), among: budgets),
                y: scale.place(row.metrics.accuracy[column] ?? 0)
            )
        }
        canvas.polyline(points, color: color, dashes: ReportPalette.dashes(index))
        for (row, point) in zip(rows, points) {
            if let interval = row.metrics.accuracyInterval[column], interval.count == 2 {
                canvas.line(
                    point.x,
                    scale.place(interval[0]),
                    point.x,
                    scale.place(interval[1]),
                    color: color,
                    width: 2
                )
            }
            canvas.circle(point.x, point.y, radius: 4.5, color: color)
        }
        guard let last = points.last else { return }
        labels.append(Label(text: name, color: color, y: last.y))
    }
}
