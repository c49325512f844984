import Corpus
package import DifferentialPrivacy
package import LanguageModel
import PrivateEvolution

/// One text, and the class that it was written for.
package struct PredictedText: Equatable, Sendable {
    /// From 0.
    package let classIndex: Int
    /// One line.
    package let text: String
}

/// Writes texts token by token from prompts that hold private records, without training.
///
/// - Privacy: what depends on the corpus is the choice of each token, by a mechanism of bounded
///   sensitivity, and class sizes, if they are released. Which tokens may be chosen, when a text ends,
///   how long it may be: all that follows from public prompts and from tokens that were chosen.
/// - Each text's cost, T tokens, is reserved in the ledger before its first token is chosen. Its
///   randomness is bound to corpus, settings, model and machine: the same inputs always get the same
///   text, other inputs never its randomness.
/// - A text is durable before the next one counts as done; run again with the same folder, it goes on
///   there, and writes the very texts that it would have written.
package struct PrivatePrediction: Sendable {
    /// The name of the noisy class counts in the ledger.
    static let countsName = "class-counts"

    let plan: PredictionPlan
    let decoder: ContextDecoder
    let vocabulary: TextVocabulary
    let format: PromptFormat
    let folder: PredictionFolder
    /// The private records of each class.
    let records: [[String]]
    let environment: ContentDigest

    /// Assembles a prediction.
    ///
    /// - Parameters:
    ///   - plan: What to do, and its noise.
    ///   - decoder: A public model.
    ///   - vocabulary: Of the model's tokenizer.
    ///   - format: How records become prompts.
    ///   - folder: Where state is kept.
    ///   - records: The texts of each class, in the corpus' order. Private.
    ///   - corpus: H(the corpus and how it is read).
    ///   - machine: What computes.
    /// - Throws: When the plan cannot be written down.
    package init(
        plan: PredictionPlan,
        decoder: ContextDecoder,
        vocabulary: TextVocabulary,
        format: PromptFormat,
        folder: PredictionFolder,
        records: [[String]],
        corpus: ContentDigest,
        machine: ComputingMachine
    ) throws {
        self.plan = plan
        self.decoder = decoder
        self.vocabulary = vocabulary
        self.format = format
        self.folder = folder
        self.records = records
        environment = ContentDigest(
            domain: "prediction-environment",
            fields: [
                ("corpus", corpus.bytes), ("plan", try plan.fileContents()),
                ("format", format.description),
            ] + machine.fields
        )
    }

    /// Runs, or goes on, to the end.
    ///
    /// - Parameters:
    ///   - ledger: The run's; it stays open, as the caller finishes it once its output is durable.
    ///   - observe: Told how many texts are done.
    /// - Returns: The texts, class after class.
    /// - Throws: What ledger and disk throw; `PrivatePredictionError.unusableModel`;
    ///   `CancellationError`. Run again, it goes on from there.
    package func run(
        ledger: PrivacyLedger,
        observe: (_ done: Int) -> Void = { _ in }
    ) throws -> [PredictedText] {
        let pools = try classPools(ledger: ledger)
        let sizes =
            plan.settings.rule.samplesEachToken
            ? plan.settings.plannedSizes : ClassSizes.apportion(plan.settings.count, by: pools)
        let journal = try folder.journal()
        observe(journal.results.count)
        let layout = TextLayout(sizes: sizes)
        if plan.settings.rule.samplesEachToken {
            try predictByPrompts(layout, pools: pools, ledger, journal, observe)
        } else {
            try predictByDifferences(layout, pools: pools, ledger, journal, observe)
        }
        let texts = journal.results
        return try (0..<layout.count).map { number in
            guard let text = texts[number] else {
                throw PrivatePredictionError.damagedState(
                    path: folder.path,
                    reason: "text \(number + 1) is missing"
                )
            }
            return PredictedText(classIndex: layout.classIndex(of: number), text: text.text)
        }
    }

    /// A text as the journal keeps it.
    func written(_ tokens: [Int32]) -> WrittenText {
        WrittenText(text: vocabulary.text(of: tokens), tokens: tokens.count)
    }

    /// What a public prompt finds likely, as far as it may be chosen: no end of text at the start.
    func publicLogits(_ next: NextTokenLogits, isFirst: Bool) -> [Float] {
        var values = next.values
        for token in values.indices
        where token >= vocabulary.size || (isFirst && vocabulary.ends[token]) {
            values[token] = -.infinity
        }
        return values
    }
}

/// Which number each text has: class after class.
struct TextLayout: Equatable, Sendable {
    /// How many texts each class has.
    let sizes: [Int]
    private let starts: [Int]

    init(sizes: [Int]) {
        self.sizes = sizes
        starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    }

    /// How many texts there are.
    var count: Int { sizes.reduce(0, +) }

    func number(_ place: Int, ofClass index: Int) -> Int { starts[index] + place }

    func classIndex(of number: Int) -> Int { starts.lastIndex { $0 <= number } ?? 0 }
}
