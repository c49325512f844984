import Foundation

/// Options that take several names: comma-separated, repeated, or one after another.
enum ListArgument {
    /// Splits every element at its commas; empty parts are dropped.
    static func names(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    /// Splits every element at its commas, unless a file has the whole element as its name.
    static func paths(_ values: [String]) -> [String] {
        values.flatMap { value in
            value.contains(",") && FileManager.default.fileExists(atPath: value)
                ? [value] : names([value])
        }
    }
}
