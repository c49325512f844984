import SeededRandomness

/// A made-up corpus for the demonstration and for tests: nobody's data, the same on every machine.
///
/// The "private" part are messages to Larder, a grocery service that does not exist, with two label
/// columns, `topic` and `sentiment`. The public part are posts about other subjects, written in the
/// same everyday English, for pre-training.
public enum DemoCorpus {
    /// The label columns of the messages.
    public static let labelColumns = ["topic", "sentiment"]

    /// The values each label column can have: public, known by construction.
    public static let labelValues: [String: [String]] = [
        "topic": Topic.allCases.map(\.rawValue), "sentiment": Sentiment.allCases.map(\.rawValue),
    ]

    /// Messages to the service, in random order.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - seed: Chooses the messages; the same seed gives the same messages.
    /// - Returns: `count` messages.
    public static func messages(count: Int, seed: UInt64) -> [DemoMessage] {
        var generator = SplitMix64(seed: seed)
        let grammar = Grammar(
            rules: Vocabulary.everyday.merging(MessageRules.rules) { _, new in new }
        )
        return (0..<count).map { _ in message(grammar, using: &generator) }
    }

    /// Posts about travel, gardens, books and neighbourhoods, one line each.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - seed: Chooses the posts; the same seed gives the same posts.
    /// - Returns: `count` posts, without line ends.
    public static func publicPosts(count: Int, seed: UInt64) -> [String] {
        var generator = SplitMix64(seed: seed)
        let grammar = Grammar(rules: Vocabulary.everyday.merging(PostRules.rules) { _, new in new })
        return (0..<count).map { _ in
            var text = grammar.expanded("{post}", using: &generator)
            HandWriting.roughen(&text, using: &generator)
            return text
        }
    }

    private static func message(
        _ grammar: Grammar,
        using generator: inout SplitMix64
    ) -> DemoMessage {
        let topic = Topic.drawn(using: &generator)
        let sentiment = Sentiment.drawn(using: &generator)
        // Some feelings lie in the order of the words, some in the tone alone.
        let isTurned = generator.happens(0.22)
        let tone = generator.happens(0.07) ? Sentiment.drawn(using: &generator) : sentiment
        var template =
            isTurned
            ? "{thing.\(topic.rawValue)}: {\(sentiment.rawValue).turn}."
            : "{\(tone.rawValue).\(topic.rawValue)}"
        // Some writers never say what it is about, or mention something else in passing.
        if generator.happens(0.1) { template = "{\(tone.rawValue).vague}" }
        if generator.happens(0.18) {
            template += " {aside.\(Topic.drawn(using: &generator).rawValue)}"
        }
        if generator.happens(0.45) { template = "{opening} " + template }
        if !isTurned, generator.happens(0.5) { template += " {\(tone.rawValue).ending}" }
        var text = grammar.expanded(template, using: &generator)
        HandWriting.roughen(&text, using: &generator)
        return DemoMessage(text: text, topic: topic.rawValue, sentiment: sentiment.rawValue)
    }
}

/// One record of the made-up corpus.
public struct DemoMessage: Sendable, Equatable {
    /// What the customer wrote: 5 to 60 words on one line.
    public let text: String
    /// What it is about, one of six values.
    public let topic: String
    /// `negative`, `neutral` or `positive`.
    public let sentiment: String

    /// The record as a line of CSV without line end: `text,topic,sentiment`.
    public var csvLine: String {
        "\"" + text.replacing("\"", with: "\"\"") + "\",\(topic),\(sentiment)"
    }

    /// The header of that CSV.
    public static let csvHeader = "text,topic,sentiment"
}

/// What a message is about.
enum Topic: String, CaseIterable {
    case delivery, billing, quality, app, staff, membership

    /// A topic with its share of the mail: 30, 20, 18, 14, 10 and 8 per cent.
    static func drawn(using generator: inout SplitMix64) -> Topic {
        switch generator.unit() {
        case ..<0.30: .delivery
        case ..<0.50: .billing
        case ..<0.68: .quality
        case ..<0.82: .app
        case ..<0.92: .staff
        default: .membership
        }
    }
}

/// How the writer feels about it.
enum Sentiment: String, CaseIterable {
    case negative, neutral, positive

    /// A feeling with its share of the mail: 42, 26 and 32 per cent.
    static func drawn(using generator: inout SplitMix64) -> Sentiment {
        switch generator.unit() {
        case ..<0.42: .negative
        case ..<0.68: .neutral
        default: .positive
        }
    }
}

/// What hurried people do to their sentences.
enum HandWriting {
    /// Tidies spaces, starts sentences with a capital letter, then adds the slips of some writers.
    static func roughen(_ text: inout String, using generator: inout SplitMix64) {
        text = capitalised(text.split(separator: " ").joined(separator: " "))
        if generator.happens(0.12) { text = text.lowercased() }
        if generator.happens(0.08) { text = text.replacing(",", with: "") }
        if generator.happens(0.06), text.hasSuffix(".") { text.removeLast() }
        while generator.happens(0.12) { text = misspelt(text, using: &generator) }
    }

    private static func capitalised(_ text: String) -> String {
        var result = ""
        var isStart = true
        for character in text {
            result += isStart ? character.uppercased() : String(character)
            if !character.isWhitespace { isStart = ".!?".contains(character) }
        }
        return result
    }

    /// Swaps, drops or doubles one letter inside a word.
    private static func misspelt(_ text: String, using generator: inout SplitMix64) -> String {
        var letters = Array(text)
        guard letters.count > 8 else { return text }
        let place = 1 + generator.index(below: letters.count - 3)
        guard letters[place].isLetter, letters[place + 1].isLetter, letters[place - 1].isLetter
        else { return text }
        switch generator.index(below: 3) {
        case 0: letters.swapAt(place, place + 1)
        case 1: letters.remove(at: place)
        default: letters.insert(letters[place], at: place)
        }
        return String(letters)
    }
}
