import SeededRandomness

/// Random text from rules.
///
/// In a rule, `{name}` stands for one of that rule's alternatives and `(a|b|)` for one of its
/// parts. Both nest.
struct Grammar {
    /// Alternatives by rule name.
    let rules: [String: [String]]

    /// `template` with every reference and choice replaced by a random outcome.
    ///
    /// A reference to an unknown rule stays as it is; a test looks for those.
    func expanded(_ template: String, using generator: inout SplitMix64) -> String {
        var result = ""
        expand(template[...], into: &result, using: &generator)
        return result
    }

    private func expand(
        _ template: Substring,
        into result: inout String,
        using generator: inout SplitMix64
    ) {
        var rest = template
        while let opening = rest.firstIndex(where: { $0 == "{" || $0 == "(" }) {
            result += rest[..<opening]
            let closing = Self.end(of: rest[opening...])
            let inner = rest[rest.index(after: opening)..<closing]
            if rest[opening] == "(" {
                let parts = Self.choices(inner)
                expand(parts[generator.index(below: parts.count)], into: &result, using: &generator)
            } else if let alternatives = rules[String(inner)] {
                let choice = alternatives[generator.index(below: alternatives.count)]
                expand(choice[...], into: &result, using: &generator)
            } else {
                result += "{\(inner)}"
            }
            rest = rest[closing...].dropFirst()
        }
        result += rest
    }

    /// The index of the bracket that closes the one `text` starts with.
    private static func end(of text: Substring) -> Substring.Index {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "{", "(": depth += 1
            case "}", ")":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        preconditionFailure("a bracket in a rule is never closed: \(text)")
    }

    /// Splits at `|` outside brackets.
    private static func choices(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var depth = 0
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "{", "(": depth += 1
            case "}", ")": depth -= 1
            case "|" where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return parts + [text[start...]]
    }
}

extension SplitMix64 {
    /// A number in [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with that probability.
    mutating func happens(_ probability: Double) -> Bool { unit() < probability }

    /// An index in `0..<count`, the same on every platform and library version.
    mutating func index(below count: Int) -> Int { Int(unit() * Double(count)) }
}
