import DifferentialPrivacy
import Foundation

/// Writes lines to the standard streams, and numbers the way people read them.
enum ConsoleText {
    /// Writes a line to standard error; failure is ignored, there is nowhere left to say it.
    static func writeError(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
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
