/// How many words texts have: real texts as a filled area, each method as a line.
struct LengthChart {
    let figures: ComparisonFigures

    /// The drawing, or `nil` without texts.
    var svg: String? {
        guard let real = figures.lengths.first, real.shares.count > 1 else { return nil }
        let width = Double(figures.lengthBinWidth)
        var canvas = SVGCanvas(width: 720, height: 280, title: "Share of texts by number of words")
        let top = figures.lengths.flatMap(\.shares).max() ?? 1
        let across = AxisScale(
            values: [0, Double(real.shares.count) * width],
            start: 56,
            end: 580
        )
        let up = AxisScale(values: [0, top * 100], start: 226, end: 20)
        for tick in up.ticks {
            canvas.line(56, up.place(tick), 580, up.place(tick), color: ReportPalette.line)
            canvas.label(
                up.label(tick) + " %",
                48,
                up.place(tick) + 4,
                anchor: .end,
                color: ReportPalette.muted
            )
        }
        for tick in across.ticks {
            canvas.label(
                across.label(tick),
                across.place(tick),
                246,
                anchor: .middle,
                color: ReportPalette.muted
            )
        }
        canvas.label(
            "words in a text",
            318,
            270,
            anchor: .middle,
            color: ReportPalette.muted,
            size: 11
        )
        for (index, curve) in figures.lengths.enumerated() {
            let points = curve.shares.enumerated().map { bin, share in
                (x: across.place((Double(bin) + 0.5) * width), y: up.place(share * 100))
            }
            let isReal = index == 0
            let color = isReal ? ReportPalette.real : ReportPalette.method(index - 1)
            let closed =
                isReal
                ? [(points[0].x, up.place(0))] + points + [
                    (points[points.count - 1].x, up.place(0))
                ] : points
            canvas.polyline(
                closed,
                color: color,
                dashes: isReal ? "" : ReportPalette.dashes(index - 1),
                fill: isReal ? ReportPalette.realFill : nil
            )
            let y = 34 + 20 * Double(index)
            canvas.line(594, y - 4, 612, y - 4, color: color, width: 3)
            canvas.label(HTMLText.shortened(curve.name, to: 16), 618, y, size: 11)
        }
        return canvas.text
    }
}
