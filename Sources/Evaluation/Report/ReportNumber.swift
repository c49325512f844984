import Foundation

/// Numbers as a report prints them.
enum ReportNumber {
    /// Fixed decimals with a true minus sign; "–" for nothing.
    static func fixed(_ value: Double?, _ decimals: Int) -> String {
        guard let value else { return "–" }
        return String(format: "%.\(decimals)f", value).replacing("-", with: "−")
    }

    /// As few decimals as it takes, three at most.
    static func short(_ value: Double) -> String {
        var text = fixed(value, 3)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// The value that `fixed` prints.
    static func rounded(_ value: Double, _ decimals: Int) -> Double {
        Double(String(format: "%.\(decimals)f", value)) ?? value
    }

    /// ε to two decimals, rounded upwards; "∞" for infinity.
    static func epsilon(_ value: Double) -> String {
        guard value.isFinite else { return "∞" }
        let rounded = (value * 100 - 1e-9).rounded(.up) / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(format: "%.2f", rounded)
    }

    /// δ as a power of ten, rounded upwards to two digits.
    static func delta(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        var exponent = Int(floor(log10(value) + 1e-12))
        var mantissa = (value / pow(10, Double(exponent)) * 10 - 1e-6).rounded(.up) / 10
        if mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        let power = "10" + superscript(exponent)
        return mantissa == 1 ? power : "\(fixed(mantissa, 1))·\(power)"
    }

    /// A count with thin spaces between thousands.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits.count > 3 { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    private static func superscript(_ value: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let sign = value < 0 ? "⁻" : ""
        return sign
            + String(String(abs(value)).compactMap { $0.wholeNumberValue.map { digits[$0] } })
    }
}
