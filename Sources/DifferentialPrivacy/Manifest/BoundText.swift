import Foundation

/// Decimals of a bound that stay on the safe side of it.
public enum BoundText {
    /// At least the value: for upper bounds, such as what a run has spent.
    ///
    /// - Returns: `digits` decimals, `∞`, or `unknown` for what is no number.
    public static func roundedUp(_ value: Double, digits: Int = 4) -> String {
        text(value, digits, .up) { $0 < value }
    }

    /// At most the value: for lower bounds, such as what an audit has shown.
    ///
    /// - Returns: `digits` decimals, `∞`, or `unknown` for what is no number.
    public static func roundedDown(_ value: Double, digits: Int = 4) -> String {
        text(value, digits, .down) { $0 > value }
    }

    private static func text(
        _ value: Double,
        _ digits: Int,
        _ direction: FloatingPointRoundingRule,
        isUnsafe: (Double) -> Bool
    ) -> String {
        guard value.isFinite else { return value == .infinity ? "∞" : "unknown" }
        // The nearest decimals first: 0.1 times a power of ten is not exact.
        let nearest = String(format: "%.\(digits)f", value)
        guard let shown = Double(nearest), isUnsafe(shown) else { return nearest }
        let scale = pow(10, Double(digits))
        return String(format: "%.\(digits)f", (value * scale).rounded(direction) / scale)
    }
}
