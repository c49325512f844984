import Foundation

/// What an endpoint is asked, from a JSON file.
///
///     {"model": "gpt2", "api": "completions", "temperature": 1.0, "top_p": 0.9, "top_k": 50,
///      "stop": ["\n\n"],
///      "fresh": ["Write a review of a {labels}:\n"],
///      "variation": ["Rephrase in other words:\n{text}\nRephrased:\n", "{labels}\n\n{kept}"]}
///
/// | variable    | stands for                                                                |
/// | {labels}    | the class's labels, joined by TAB                                         |
/// | {text}      | the parent                                                                |
/// | {kept}      | the parent's first words; at the end of a prompt, the answer goes on from them |
/// | {gapped}    | the parent with words replaced by _: fill-in-the-blank                    |
///
/// The share of words cut or replaced is the iteration's degree. One of the prompts is drawn for
/// each text. Prompts are public: they must not be written with private records at hand.
package struct EndpointPrompts: Codable, Sendable, Equatable {
    /// Which of the two OpenAI interfaces to use.
    package enum API: String, Codable, Sendable {
        /// `/completions`: the prompt is continued.
        case completions
        /// `/chat/completions`: the prompt is a message.
        case chat
    }

    /// The model's name.
    package var model: String
    /// The interface.
    package var api: API?
    /// Sampling temperature.
    package var temperature: Double?
    /// Nucleus.
    package var topP: Double?
    /// Only the likeliest tokens, as many; not every endpoint knows it.
    package var topK: Int?
    /// Strings that end an answer.
    package var stop: [String]?
    /// Prompts for fresh texts.
    package var fresh: [String]
    /// Prompts for variations.
    package var variation: [String]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case model, api, temperature, stop, fresh, variation
        case topP = "top_p"
        case topK = "top_k"
    }

    /// Control codes and suffix resampling, as for a local model: for endpoints that only complete.
    ///
    /// `dpscribe serve` makes of each prompt the ids that a local model is given: nothing before the
    /// empty line is end-of-text there.
    package static func continuing(model: String) -> EndpointPrompts {
        EndpointPrompts(
            model: model,
            api: .completions,
            temperature: 1,
            topP: 0.9,
            topK: 50,
            stop: nil,
            fresh: ["{labels}\n\n"],
            variation: ["{labels}\n\n{kept}"]
        )
    }

    /// Reads a file of prompts.
    ///
    /// - Throws: `PrivateEvolutionError.invalidPrompts`.
    package init(path: String) throws {
        func invalid(_ problem: String) -> PrivateEvolutionError {
            .invalidPrompts(path: path, problem: problem)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw invalid("there is no such file, or it cannot be read")
        }
        let content = try? JSONSerialization.jsonObject(with: data)
        // Keys are not named: the file may be another than was meant.
        let unknown = (content as? [String: Any] ?? [:]).keys
            .count { CodingKeys(rawValue: $0) == nil }
        guard unknown == 0 else {
            let known = CodingKeys.allCases.map(\.rawValue).sorted().joined(separator: ", ")
            throw invalid(
                (unknown == 1 ? "one of its keys is unknown" : "\(unknown) of its keys are unknown")
                    + "; there is \(known)"
            )
        }
        guard let prompts = try? JSONDecoder().decode(Self.self, from: data) else {
            throw invalid("it is not a JSON object with model, fresh and variation")
        }
        guard !prompts.fresh.isEmpty, !prompts.variation.isEmpty else {
            throw invalid("fresh and variation need at least one prompt each")
        }
        let known = ["{text}", "{kept}", "{gapped}"]
        guard prompts.variation.allSatisfy({ prompt in known.contains { prompt.contains($0) } })
        else {
            throw invalid("a prompt for variations has none of \(known.joined(separator: ", "))")
        }
        self = prompts
    }

    private init(
        model: String,
        api: API?,
        temperature: Double?,
        topP: Double?,
        topK: Int?,
        stop: [String]?,
        fresh: [String],
        variation: [String]
    ) {
        self.model = model
        self.api = api
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.stop = stop
        self.fresh = fresh
        self.variation = variation
    }
}

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
