import Corpus
import DifferentialPrivacy
import Foundation

/// Writes lines to the standard streams, and numbers the way people read them.
enum ConsoleText {
    /// Writes a line to standard error; failure is ignored, there is nowhere left to say it.
    static func writeError(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((printable(line) + "\n").utf8))
    }

    /// The text with what a terminal would obey spelled out: `\u{1B}` for an escape.
    ///
    /// Control characters but for line ends, and marks that turn the direction of text around.
    static func printable(_ text: String) -> String {
        let text = StandardInput.naming(in: text)
        guard text.unicodeScalars.contains(where: isObeyed) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            guard isObeyed(scalar) else { return shown.unicodeScalars.append(scalar) }
            shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Writes a line to standard output.
    ///
    /// - Throws: `ToolError.inputOutput` when the stream is full or closed.
    static func writeResult(_ line: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
        } catch {
            throw ToolError.inputOutput("the result could not be written to standard output")
        }
    }

    /// `value` with `digits` decimals, never smaller than `value`: for epsilon and delta.
    static func roundedUp(_ value: Double, digits: Int = 4) -> String {
        value == .infinity ? "inf" : BoundText.roundedUp(value, digits: digits)
    }

    /// Seconds as `48 s`, `12 min` or `3 h 05 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
        let whole = Int(seconds.rounded())
        if whole < 120 { return "\(whole) s" }
        if whole < 7_200 { return "\((whole + 30) / 60) min" }
        return String(format: "%d h %02d min", whole / 3_600, whole % 3_600 / 60)
    }

    /// A rate as `812`, `14.2k` or `1.3M`.
    static func rate(_ value: Double) -> String {
        switch abs(value) {
        case ..<1_000: String(format: "%.0f", value)
        case ..<1e6: String(format: "%.1fk", value / 1e3)
        default: String(format: "%.1fM", value / 1e6)
        }
    }
}
