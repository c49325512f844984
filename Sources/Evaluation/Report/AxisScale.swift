import Foundation

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
