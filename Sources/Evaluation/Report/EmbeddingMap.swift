/// The two widest directions of the embeddings: real texts in grey, one panel per method.
struct EmbeddingMap {
    let figures: ComparisonFigures

    /// The drawing, or `nil` without points.
    var svg: String? {
        guard !figures.realPoints.isEmpty, !figures.panels.isEmpty else { return nil }
        let across = min(3, figures.panels.count)
        let side = 720 / Double(max(across, 2)) - 14
        let rows = (figures.panels.count + across - 1) / across
        let height = Double(rows) * (side * 0.8 + 34)
        var canvas = SVGCanvas(
            width: 720,
            height: height,
            title: "Map of embeddings, real against synthetic texts"
        )
        let all = figures.realPoints + figures.panels.flatMap(\.points)
        for (index, panel) in figures.panels.enumerated() {
            let left = Double(index % across) * (side + 20)
            let top = Double(index / across) * (side * 0.8 + 34)
            let horizontal = Self.scale(all.map(\.x), from: left + 6, to: left + side - 6)
            let vertical = Self.scale(all.map(\.y), from: top + side * 0.8 + 16, to: top + 28)
            canvas.label(
                HTMLText.shortened(panel.name, to: 26),
                left,
                top + 14,
                color: ReportPalette.method(index),
                isBold: true
            )
            canvas.rectangle(
                left,
                top + 22,
                width: side,
                height: side * 0.8,
                color: ReportPalette.line
            )
            for point in figures.realPoints {
                canvas.circle(
                    horizontal(point.x),
                    vertical(point.y),
                    radius: 1.9,
                    color: ReportPalette.reference,
                    opacity: 0.45
                )
            }
            for point in panel.points {
                canvas.circle(
                    horizontal(point.x),
                    vertical(point.y),
                    radius: 1.9,
                    color: ReportPalette.method(index),
                    opacity: 0.6
                )
            }
        }
        return canvas.text
    }

    /// A map from values to places; the outermost half per cent is drawn at the edge.
    private static func scale(
        _ values: [Float],
        from start: Double,
        to end: Double
    ) -> (Float) -> Double {
        let sorted = values.sorted()
        let low = Double(sorted[sorted.count / 200])
        let high = Double(sorted[sorted.count - 1 - sorted.count / 200])
        let span = high > low ? high - low : 1
        return { value in
            start + min(1, max(0, (Double(value) - low) / span)) * (end - start)
        }
    }
}
