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
