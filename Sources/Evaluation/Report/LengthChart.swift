/// How many words texts have: real texts as a filled area, the first run of each group as a line.
struct LengthChart {
    let report: ComparisonReport

    /// The drawing, or `nil` without texts.
    var svg: String? {
        let figures = report.figures
        guard let real = figures.lengths.first, real.shares.count > 1 else { return nil }
        let width = Double(figures.lengthBinWidth)
        var canvas = SVGCanvas(
            width: 720,
            height: max(280, 24 + 20 * Double(figures.lengths.count)),
            title: "Share of texts by number of words"
        )
        let top = figures.lengths.flatMap(\.shares).max() ?? 1
        let across = AxisScale(
            values: [0, Double(real.shares.count) * width],
            start: 56,
            end: 580
        )
        let up = AxisScale(values: [0, top * 100], start: 226, end: 20)
        canvas.rules(at: up, from: 56, to: 580, labelledAt: 48, unit: " %")
        canvas.foot(of: across, title: "words in a text", at: 318)
        // Real texts lie first, under the lines.
        for (index, curve) in figures.lengths.enumerated() {
            let points = curve.shares.enumerated().map { bin, share in
                (x: across.place((Double(bin) + 0.5) * width), y: up.place(share * 100))
            }
            draw(curve, points, floor: up.place(0), legend: 34 + 20 * Double(index), &canvas)
        }
        return canvas.text
    }

    private func draw(
        _ curve: ComparisonFigures.LengthCurve,
        _ points: [(x: Double, y: Double)],
        floor: Double,
        legend y: Double,
        _ canvas: inout SVGCanvas
    ) {
        var name = "real test texts"
        if let group = curve.group.map({ report.groups[$0] }) {
            let colors = ReportColors(report: report)
            name = group.name
            let (color, dashes) = (colors.color(of: group), colors.dashes(of: group))
            canvas.polyline(points, color: color, dashes: dashes)
            canvas.line(594, y - 4, 612, y - 4, color: color, width: 2.4, dashes: dashes)
        } else {
            let closed =
                [(points[0].x, floor)] + points + [(points[points.count - 1].x, floor)]
            canvas.polyline(closed, color: ReportPalette.real, fill: ReportPalette.realFill)
            canvas.line(594, y - 4, 612, y - 4, color: ReportPalette.real, width: 3)
        }
        canvas.label(HTMLText.shortened(name, to: 16), 618, y, size: 11)
    }
}
