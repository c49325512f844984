import Foundation

/// A metric against ε, one line per series, for comparisons at several ε.
///
/// The line joins the means over runs; single runs are small points beside it.
struct EpsilonChart {
    let report: ComparisonReport
    let measure: ReportTable.Column
    /// Whether it is one of several under a heading: lower, with its name in the corner.
    var isPanel = false

    private var height: Double { isPanel ? 230 : 320 }

    /// The drawing, or `nil` when no series has two different ε.
    var svg: String? {
        let colors = ReportColors(report: report)
        let groups = report.groups.filter {
            $0.budget != nil && measure.value($0.metrics) != nil
        }
        let curves = colors.series.map { name in
            groups.filter { $0.series == name }.sorted { budget($0) < budget($1) }
        }
        .filter { !$0.isEmpty }
        guard curves.contains(where: { $0.count > 1 }) else { return nil }
        var canvas = SVGCanvas(
            width: 720,
            height: height,
            title: "\(measure.title) against ε"
        )
        let references = references
        let scale = AxisScale(
            values: groups.flatMap { points(of: $0) } + references.map(\.value),
            start: height - 50,
            end: 26
        )
        let budgets = Set(groups.map(budget)).sorted()
        var labels: [Label] = []
        frame(scale, budgets, &canvas)
        draw(references, scale, &labels, &canvas)
        for (index, curve) in curves.enumerated() {
            // Side by side, so that bars of several series do not hide each other.
            let shift = 7 * (Double(index) - Double(curves.count - 1) / 2)
            let places = curve.map { place(budget($0), among: budgets) + shift }
            draw(
                curve,
                at: places,
                aside: shift < 0 ? -8 : 8,
                colors.color(of: curve[0]),
                scale,
                &labels,
                &canvas
            )
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

    private func budget(_ group: ComparisonGroup) -> Double { group.budget ?? .infinity }

    /// The ends of the interval, within what the measure can be; none without one.
    private func interval(of group: ComparisonGroup) -> [Double] {
        (measure.value(group.metrics)?.interval ?? []).map { min(measure.most, max(0, $0)) }
    }

    /// The value of each run, where there are several.
    private func runs(of group: ComparisonGroup) -> [Double] {
        guard group.rows.count > 1 else { return [] }
        return group.rows.compactMap { measure.value(GroupMetrics(of: [$0.metrics]))?.mean }
    }

    /// All that is drawn of a group.
    private func points(of group: ComparisonGroup) -> [Double] {
        interval(of: group) + runs(of: group)
            + [measure.value(group.metrics)?.mean].compactMap(\.self)
    }

    /// Dashed lines: what does not depend on ε.
    private var references: [(name: String, value: Double)] {
        let names: [(ComparisonRow.Reference, String)] = [
            (.real, "real texts"), (.untunedBase, "untuned base"),
            (.majorityClass, "majority class"),
        ]
        return names.compactMap { reference, name in
            let line = report.lines.first { $0.reference == reference }
            return line.flatMap { measure.value($0.metrics) }.map { (name, $0.mean) }
        }
    }

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
        _ canvas: inout SVGCanvas
    ) {
        canvas.rules(at: scale, from: 60, to: 590, labelledAt: 50)
        if isPanel {
            canvas.label(measure.title, 60, 14, color: ReportPalette.ink, isBold: true)
        }
        for budget in budgets {
            canvas.label(
                ReportNumber.epsilon(budget),
                place(budget, among: budgets),
                height - 28,
                anchor: .middle,
                color: ReportPalette.muted
            )
        }
        canvas.label(
            "privacy budget ε (logarithmic)",
            325,
            height - 6,
            anchor: .middle,
            color: ReportPalette.muted,
            size: 11
        )
    }

    private func draw(
        _ references: [(name: String, value: Double)],
        _ scale: AxisScale,
        _ labels: inout [Label],
        _ canvas: inout SVGCanvas
    ) {
        for (name, value) in references {
            let y = scale.place(value)
            canvas.line(60, y, 590, y, color: ReportPalette.reference, dashes: "3 3")
            labels.append(Label(text: name, color: ReportPalette.muted, y: y))
        }
    }

    private func draw(
        _ curve: [ComparisonGroup],
        at places: [Double],
        aside: Double,
        _ color: String,
        _ scale: AxisScale,
        _ labels: inout [Label],
        _ canvas: inout SVGCanvas
    ) {
        let means = zip(curve, places).map { group, x in
            (x: x, y: scale.place(measure.value(group.metrics)?.mean ?? 0))
        }
        canvas.polyline(means, color: color)
        for (group, point) in zip(curve, means) {
            let interval = interval(of: group).map(scale.place)
            if interval.count == 2 {
                canvas.line(point.x, interval[0], point.x, interval[1], color: color, width: 2)
            }
            canvas.circle(point.x, point.y, radius: 4.5, color: color)
            canvas.dots(
                runs(of: group).map { (point.x + aside, scale.place($0)) },
                radius: 2.4,
                color: color,
                opacity: 0.55
            )
        }
        guard let last = means.last else { return }
        labels.append(Label(text: curve[0].series, color: color, y: last.y))
    }
}
