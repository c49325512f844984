import Foundation

/// Options that take several names: comma-separated, repeated, or one after another.
enum ListArgument {
    /// Options whose values are split at commas.
    static let options: Set<String> = ["data", "labelled-data", "label-columns"]

    /// Splits every element at its commas; empty parts are dropped.
    ///
    /// A name with a comma stands in double quotes, as in CSV: `"City, State",topic`.
    static func names(_ values: [String]) -> [String] {
        values.flatMap(parts).filter { !$0.isEmpty }
    }

    /// The name as `names` takes it for one.
    static func quoted(_ name: String) -> String {
        guard name.contains(",") || name.hasPrefix("\"") else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    private static func parts(_ value: String) -> [String] {
        var parts: [String] = []
        var rest = value[...]
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            if let (name, after) = quotedName(rest) {
                parts.append(name)
                rest = after
            } else {
                let plain = rest.prefix { $0 != "," }
                parts.append(plain.trimmingCharacters(in: .whitespaces))
                rest = rest.dropFirst(plain.count + 1)
            }
        }
        return parts
    }

    /// A name in quotes, its inner quotes doubled, and what follows its comma; nil for anything else.
    private static func quotedName(_ text: Substring) -> (name: String, after: Substring)? {
        guard let match = text.prefixMatch(of: /"((?:[^"]|"")+)"[ \t]*(?:,|$)/) else { return nil }
        return (String(match.1).replacing("\"\"", with: "\""), text[match.range.upperBound...])
    }

    /// Splits every element at its commas, unless a file has the whole element as its name.
    static func paths(_ values: [String]) -> [String] {
        values.flatMap { value in
            value.contains(",") && FileManager.default.fileExists(atPath: value)
                ? [value] : names([value])
        }
    }
}

/// One `NAME=PATH` of `--synthetic`.
struct SyntheticArgument: Equatable {
    let name: String
    let path: String

    /// Reads all of them: repeated, one after another, or comma-separated.
    ///
    /// A comma separates only before `NAME=`, so that a path may contain one.
    ///
    /// - Throws: `ToolError.usage`.
    static func parse(_ values: [String]) throws -> [SyntheticArgument] {
        let parts = values.flatMap { value in
            value.split(separator: ",").reduce(into: [String]()) { parts, part in
                if part.contains("=") || parts.isEmpty {
                    parts.append(String(part))
                } else {
                    parts[parts.count - 1] += "," + part
                }
            }
        }
        return try parts.map { part in
            guard let sign = part.firstIndex(of: "="), sign > part.startIndex,
                part.index(after: sign) < part.endIndex
            else { throw ToolError.usage("--synthetic \(part): write it as NAME=PATH") }
            return SyntheticArgument(
                name: String(part[..<sign]),
                path: String(part[part.index(after: sign)...])
            )
        }
    }
}
