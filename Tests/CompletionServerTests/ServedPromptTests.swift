import Corpus
@testable import PrivateEvolution
import Testing

@testable import CompletionServer

/// The served model continues the very ids that a local one would.
@Suite struct ServedPromptTests {
    /// One that makes a single token of two newlines.
    static let tokenizer: BytePairTokenizer = {
        var trainer = BytePairTrainer(vocabularySize: 280, minimumFrequency: 1)
        for _ in 0..<50 { trainer.add(Array("\n\n".utf8)) }
        return trainer.tokenizer()
    }()

    struct Generator: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }

    @Test(arguments: [
        nil, "one two three four", " leading space of a text", "\nleading newline of one",
        "an empty\n\nline and more of it", "ends in\n\n  x y z",
    ])
    func promptsBecomeTheIdsOfTraining(parent: String?) throws {
        #expect(Self.tokenizer.encode("\n\n").count == 1)
        let model = TinyModel.make(Self.tokenizer)
        let labelSet = try LabelSet(columns: ["mood", "size"], values: [["glad", "sad"], ["1"]])
        for labels in [labelSet, nil] {
            let classes = try TextClasses(labels)
            let encoder = ExampleEncoder(
                tokenizer: Self.tokenizer,
                sequenceLength: 64,
                labelSet: labels
            )
            for index in 0..<classes.count {
                var generator = Generator()
                let filled = EndpointPrompts.continuing(model: "tiny").filled(
                    for: GenerationTask(
                        number: 0,
                        classIndex: index,
                        parent: parent,
                        degree: 0.5,
                        seed: 0
                    ),
                    labels: classes.line(ofClass: index),
                    using: &generator
                )
                #expect(
                    model.tokens(of: filled.prompt)
                        == encoder.prefix(labels: classes.labels(ofClass: index))
                        + Self.tokenizer.encode(filled.beginning)
                )
            }
        }
    }

    @Test func aPromptWithoutAnEmptyLineFollowsEndOfText() {
        let model = TinyModel.make(Self.tokenizer)
        let end = Self.tokenizer.endOfText
        #expect(model.tokens(of: "") == [end])
        #expect(model.tokens(of: "ab\n") == [end] + Self.tokenizer.encode("ab\n"))
    }
}
