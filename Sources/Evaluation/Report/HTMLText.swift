/// Text made safe to stand in HTML and SVG.
enum HTMLText {
    /// Replaces the five characters with a meaning and drops control characters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result += " "
            default:
                let isControl = scalar.value < 32 || (0x7F...0x9F).contains(scalar.value)
                let isDirection =
                    (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
                if !isControl, !isDirection { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// The first characters of a text, with an ellipsis if there are more; not escaped.
    static func shortened(_ text: String, to limit: Int = 240) -> String {
        text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}
