extension EndpointPrompts {
    /// A prompt ready to send.
    struct Filled: Equatable {
        /// What is sent.
        let prompt: String
        /// What the answer continues; part of the candidate.
        let beginning: String
        /// Which share of the parent `beginning` is, in [0, 1].
        let keptShare: Double
    }

    /// The prompt of a task: one of the templates, its variables filled.
    func filled(
        for task: GenerationTask<String>,
        labels: String,
        using generator: inout some RandomNumberGenerator
    ) -> Filled {
        let templates = task.parent == nil ? fresh : variation
        let template = templates[Int.random(in: templates.indices, using: &generator)]
        guard let parent = task.parent else {
            return Filled(
                prompt: Self.replace(template, ["{labels}": labels]),
                beginning: "",
                keptShare: 0
            )
        }
        let words = Self.words(of: parent)
        let kept = Self.firstWords(words, changing: task.degree)
        let gapped = Self.gapped(words, degree: task.degree, using: &generator)
        let prompt = Self.replace(
            template,
            ["{labels}": labels, "{text}": parent, "{kept}": kept, "{gapped}": gapped]
        )
        let beginning = template.hasSuffix("{kept}") ? kept : ""
        return Filled(
            prompt: prompt,
            beginning: beginning,
            keptShare: Double(beginning.utf8.count) / Double(max(parent.utf8.count, 1))
        )
    }

    /// Fills all variables in one pass, so that what is filled in is never read as one.
    private static func replace(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let brace = rest.firstIndex(of: "{") {
            result += rest[..<brace]
            rest = rest[brace...]
            if let (name, value) = values.first(where: { rest.hasPrefix($0.key) }) {
                result += value
                rest = rest.dropFirst(name.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }

    /// The words, each with the white space before it.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var inWord = false
        for character in text {
            let isSpace = character.isWhitespace
            if words.isEmpty || (isSpace && inWord) { words.append("") }
            words[words.count - 1].append(character)
            inWord = !isSpace
        }
        return words
    }

    private static func firstWords(_ words: [String], changing degree: Double) -> String {
        let changed = max(Int((Double(words.count) * degree).rounded()), 1)
        return words.dropLast(changed).joined()
    }

    private static func gapped(
        _ words: [String],
        degree: Double,
        using generator: inout some RandomNumberGenerator
    ) -> String {
        words.map { word in
            guard Double.random(in: 0..<1, using: &generator) < degree else { return word }
            return word.prefix { $0.isWhitespace } + "_"
        }.joined()
    }
}
