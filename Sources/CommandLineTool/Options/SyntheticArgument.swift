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
