import Testing

@testable import DemoCorpus

@Suite struct DemoCorpusTests {
    private let messages = DemoCorpus.messages(count: 6_000, seed: 1)

    @Test func theSameSeedGivesTheSameMessages() {
        #expect(DemoCorpus.messages(count: 50, seed: 1) == Array(messages.prefix(50)))
        #expect(DemoCorpus.messages(count: 50, seed: 2) != Array(messages.prefix(50)))
    }

    @Test func noRuleIsMissing() {
        let posts = DemoCorpus.publicPosts(count: 6_000, seed: 1)
        for text in messages.map(\.text) + posts {
            #expect(!text.contains { "{}()|\n".contains($0) }, "\(text)")
        }
    }

    @Test func messagesAreVaried() {
        #expect(Set(messages.map(\.text)).count > 5_800)
        let lengths = messages.map { $0.text.split(separator: " ").count }
        #expect(lengths.allSatisfy { (3...70).contains($0) })
        #expect(Set(lengths).count > 24)
    }

    @Test func noLabelIsTooCommonToBeWorthLearning() {
        for column in [messages.map(\.topic), messages.map(\.sentiment)] {
            let counts = Dictionary(grouping: column) { $0 }.mapValues(\.count)
            // The shares run from 0.08 to 0.42; six standard deviations of a count are below 240.
            #expect(counts.values.allSatisfy { (240...3_000).contains($0) })
        }
        #expect(Set(messages.map(\.topic)) == Set(DemoCorpus.labelValues["topic"] ?? []))
        #expect(Set(messages.map(\.sentiment)) == Set(DemoCorpus.labelValues["sentiment"] ?? []))
    }

    @Test func csvQuotesTheText() {
        let message = DemoMessage(text: "say \"hi\", now", topic: "app", sentiment: "neutral")
        #expect(message.csvLine == "\"say \"\"hi\"\", now\",app,neutral")
    }
}
