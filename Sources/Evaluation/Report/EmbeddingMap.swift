/// The two widest directions of the embeddings: real texts in grey, one panel per group.
struct EmbeddingMap {
    let report: ComparisonReport

    /// Panels side by side.
    private static let across = 3

    /// One drawing a row of panels, so that a page can break between them; none without points.
    var rows: [String] {
        let figures = report.figures
        guard !figures.realPoints.isEmpty, !figures.panels.isEmpty else { return [] }
        let across = min(Self.across, figures.panels.count)
        let all = figures.realPoints + figures.panels.flatMap(\.points)
        let frame = Frame(side: 720 / Double(max(across, 2)) - 14, points: all)
        let colors = ReportColors(report: report)
        return stride(from: 0, to: figures.panels.count, by: across).map { first in
            var canvas = SVGCanvas(
                width: 720,
                height: frame.height + 30,
                title: "Map of embeddings, real against synthetic texts"
            )
            for (place, panel) in figures.panels[first...].prefix(across).enumerated() {
                let group = report.groups[panel.group]
                draw(
                    panel,
                    name: group.name,
                    color: colors.color(of: group),
                    left: Double(place) * (frame.side + 20),
                    frame,
                    &canvas
                )
            }
            return canvas.text
        }
    }

    private func draw(
        _ panel: ComparisonFigures.MapPanel,
        name: String,
        color: String,
        left: Double,
        _ frame: Frame,
        _ canvas: inout SVGCanvas
    ) {
        canvas.label(HTMLText.shortened(name, to: 26), left, 14, color: color, isBold: true)
        canvas.rectangle(
            left,
            22,
            width: frame.side,
            height: frame.height,
            color: ReportPalette.line
        )
        canvas.dots(
            frame.places(of: report.figures.realPoints, left: left),
            radius: 1.9,
            color: ReportPalette.reference,
            opacity: 0.45
        )
        canvas.dots(
            frame.places(of: panel.points, left: left),
            radius: 1.9,
            color: color,
            opacity: 0.6
        )
    }

    /// What all panels have in common: their size, and the range of the points.
    private struct Frame {
        let side: Double
        let height: Double
        private let x: (low: Double, span: Double)
        private let y: (low: Double, span: Double)

        init(side: Double, points: [ComparisonFigures.Point]) {
            self.side = side
            height = side * 0.8
            x = Self.range(points.map(\.x))
            y = Self.range(points.map(\.y))
        }

        /// The places of points in a panel that begins at `left`.
        func places(
            of points: [ComparisonFigures.Point],
            left: Double
        ) -> [(x: Double, y: Double)] {
            points.map { point in
                (
                    left + 6 + Self.share(point.x, x) * (side - 12),
                    height + 16 - Self.share(point.y, y) * (height - 12)
                )
            }
        }

        /// The outermost half per cent is drawn at the edge.
        private static func range(_ values: [Float]) -> (low: Double, span: Double) {
            let sorted = values.sorted()
            let low = Double(sorted[sorted.count / 200])
            let high = Double(sorted[sorted.count - 1 - sorted.count / 200])
            return (low, high > low ? high - low : 1)
        }

        private static func share(_ value: Float, _ range: (low: Double, span: Double)) -> Double {
            min(1, max(0, (Double(value) - range.low) / range.span))
        }
    }
}
