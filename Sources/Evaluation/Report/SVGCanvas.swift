import Foundation

/// A drawing that grows shape by shape into an `<svg>` element.
struct SVGCanvas {
    /// Where a text is anchored.
    enum Anchor: String {
        case start
        case middle
        case end
    }

    let width: Double
    let height: Double
    private let title: String
    private var body = ""

    /// A canvas in points; `title` describes it to screen readers.
    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        self.title = title
    }

    var text: String {
        "<svg viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"img\" "
            + "aria-label=\"\(HTMLText.escaped(title))\">\(body)</svg>"
    }

    mutating func line(
        _ x1: Double,
        _ y1: Double,
        _ x2: Double,
        _ y2: Double,
        color: String,
        width: Double = 1,
        dashes: String = ""
    ) {
        body +=
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
            + "y2=\"\(Self.number(y2))\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\""
            + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>"
    }

    mutating func circle(
        _ x: Double,
        _ y: Double,
        radius: Double,
        color: String,
        opacity: Double = 1
    ) {
        body +=
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" "
            + "r=\"\(Self.number(radius))\" fill=\"\(color)\""
            + (opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : "") + "/>"
    }

    /// Many circles of one kind, written short.
    mutating func dots(
        _ places: [(x: Double, y: Double)],
        radius: Double,
        color: String,
        opacity: Double
    ) {
        let circles = places.map { place in
            "<circle cx=\"\(Self.number(place.x))\" cy=\"\(Self.number(place.y))\" "
                + "r=\"\(Self.number(radius))\"/>"
        }
        body +=
            "<g fill=\"\(color)\" fill-opacity=\"\(Self.number(opacity))\">"
            + "\(circles.joined())</g>"
    }

    mutating func polyline(
        _ points: [(x: Double, y: Double)],
        color: String,
        dashes: String = "",
        fill: String? = nil
    ) {
        let path = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
        body +=
            "<polyline points=\"\(path)\" fill=\"\(fill ?? "none")\" stroke=\"\(color)\" "
            + "stroke-width=\"1.8\" stroke-linejoin=\"round\""
            + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>"
    }

    mutating func rectangle(
        _ x: Double,
        _ y: Double,
        width: Double,
        height: Double,
        color: String
    ) {
        body +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" fill=\"none\" stroke=\"\(color)\"/>"
    }

    mutating func label(
        _ text: String,
        _ x: Double,
        _ y: Double,
        anchor: Anchor = .start,
        color: String = ReportPalette.ink,
        size: Double = 12,
        isBold: Bool = false
    ) {
        body +=
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\" "
            + "fill=\"\(color)\" font-size=\"\(Self.number(size))\""
            + (isBold ? " font-weight=\"600\"" : "") + ">\(HTMLText.escaped(text))</text>"
    }

    /// Lines across at the ticks of an upright axis, each with its value at the left.
    mutating func rules(
        at scale: AxisScale,
        from left: Double,
        to right: Double,
        labelledAt labels: Double,
        unit: String = ""
    ) {
        for tick in scale.ticks {
            let y = scale.place(tick)
            line(left, y, right, y, color: ReportPalette.line)
            label(
                scale.label(tick) + unit,
                labels,
                y + 4,
                anchor: .end,
                color: ReportPalette.muted
            )
        }
    }

    /// The values at the ticks of a level axis, and under them what they are.
    mutating func foot(of scale: AxisScale, unit: String = "", title: String, at middle: Double) {
        for tick in scale.ticks {
            label(
                scale.label(tick) + unit,
                scale.place(tick),
                246,
                anchor: .middle,
                color: ReportPalette.muted
            )
        }
        label(title, middle, 270, anchor: .middle, color: ReportPalette.muted, size: 11)
    }

    private static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }
}

/// A linear axis with round ticks.
struct AxisScale {
    /// The values at the ends of the axis.
    let lower: Double
    let upper: Double
    /// Where ticks stand.
    let ticks: [Double]
    /// Decimals that tell the ticks apart.
    let decimals: Int
    private let start: Double
    private let end: Double

    /// An axis over `values`, from `start` to `end` on the canvas.
    init(values: [Double], start: Double, end: Double, includesZero: Bool = false) {
        let finite = values.filter(\.isFinite) + (includesZero ? [0] : [])
        let least = finite.min() ?? 0
        let most = finite.max() ?? 1
        let span = most > least ? most - least : max(abs(most), 1) * 0.1
        let rough = span / 4
        let power = pow(10, floor(log10(rough)))
        let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= rough } ?? 10) * power
        lower = (least / step).rounded(.down) * step
        upper = max((most / step).rounded(.up) * step, lower + step)
        let count = Int(((upper - lower) / step).rounded())
        let lowest = lower
        ticks = (0...count).map { lowest + Double($0) * step }
        decimals = max(0, Int(-floor(log10(step) + 1e-9)) + (step / power == 2.5 ? 1 : 0))
        self.start = start
        self.end = end
    }

    /// The place of a value on the canvas.
    func place(_ value: Double) -> Double {
        start + (value - lower) / (upper - lower) * (end - start)
    }

    /// A tick's label.
    func label(_ tick: Double) -> String { ReportNumber.fixed(tick, decimals) }
}
