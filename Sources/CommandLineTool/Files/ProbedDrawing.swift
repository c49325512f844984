import Corpus
import DifferentialPrivacy
import Kernels
import LabelProbe
import LanguageModel

/// Draws texts, lets a label probe say what each is about, and keeps drawing until every label has its
/// share.
///
/// The control code of a text only makes its label likely; the label that is written is the probe's.
struct ProbedDrawing {
    /// Who says what label a text has.
    enum Rule: String, CaseIterable, Sendable {
        /// The probe: its likeliest value.
        case probe
        /// The probe: a value drawn from its posterior.
        case posterior
        /// The control code that the text was drawn under.
        case code
    }

    /// Rounds in which labels that lack texts are drawn once more, under their own control code.
    private static let furtherRounds = 6

    let drawing: TextDrawing
    let probe: LabelProbe
    let rule: Rule
    /// Texts drawn for each one that is written, at least 1.
    let oversample: Int
    /// The share of a label's texts, the least sure, that are not written; below 1.
    let dropped: Double
    let parallel: ParallelFor

    /// What was drawn, and what became of it.
    struct Outcome {
        /// One text with its labels a row.
        var rows: [(text: [UInt8], labels: [[UInt8]])] = []
        /// Tokens drawn in all.
        var tokens = 0
        /// Texts drawn in all.
        var drawn = 0
        /// Rows whose label is not the one that the probe gave the text, as too few had it.
        var secondChoices = 0
    }

    /// Draws the rows of a mixture, mixed so that any part of the file has about the whole's shares.
    ///
    /// - Parameters:
    ///   - mixture: The shares of the labels.
    ///   - count: Rows to return.
    ///   - generator: The model.
    ///   - observe: Called after each text with how many there are; may throw to stop.
    /// - Returns: The rows, and what it took.
    /// - Throws: What drawing and `observe` throw.
    func rows(
        of mixture: LabelMixture,
        count: Int,
        with generator: TextGenerator,
        observe: (Int) throws -> Void
    ) throws -> Outcome {
        let parts = mixture.counts(of: count)
        var outcome = Outcome()
        var choice = LabelQuotas(
            parts.map { part in
                let values = part.labels.map { Array($0.utf8) }
                return (probe.labels.indices(of: values) ?? [], part.count)
            },
            dropped: dropped
        )
        var texts: [[UInt8]] = []
        var rows = try drawing.rows(of: mixture, count: count * oversample)
        for round in 0...Self.furtherRounds {
            try draw(rows, numberedFrom: texts.count, with: generator, &outcome) { text in
                texts.append(text)
                try observe(texts.count)
            }
            choice.add(judged(Array(texts[outcome.drawn...]), numberedFrom: outcome.drawn))
            outcome.drawn = texts.count
            let missing = choice.missing
            guard round < Self.furtherRounds, missing.contains(where: { $0 > 0 }) else { break }
            rows = zip(parts, missing).flatMap { part, missing in
                Array(repeating: part.labels, count: missing * (oversample + 1))
            }
        }
        var chosen = choice.chosen()
        var order = drawing.generator(lane: .max - 1)
        chosen.shuffle(using: &order)
        outcome.secondChoices = chosen.count { !$0.isOwn }
        outcome.rows = chosen.map { chosen in
            (texts[chosen.text], parts[chosen.part].labels.map { Array($0.utf8) })
        }
        return outcome
    }

    private func draw(
        _ rows: [[String]],
        numberedFrom first: Int,
        with generator: TextGenerator,
        _ outcome: inout Outcome,
        finished: ([UInt8]) throws -> Void
    ) throws {
        outcome.tokens += try drawing.draw(rows, numberedFrom: first, with: generator) {
            _,
            _,
            text,
            _ in try finished(text)
        }
    }

    /// The posterior of each text, and the label that it is taken for.
    private func judged(
        _ texts: [[UInt8]],
        numberedFrom first: Int
    ) -> [LabelQuotas.Candidate] {
        let posteriors = probe.posteriors(
            of: texts.map { drawing.tokenizer.encode($0) },
            parallel: parallel
        )
        return posteriors.enumerated().map { place, posterior in
            guard rule == .posterior else {
                return .init(posterior: posterior, labels: posterior.likeliest)
            }
            var generator = drawing.generator(lane: UInt64(first + place) << 16 | 0xFFFF)
            return .init(posterior: posterior, labels: posterior.drawn(using: &generator))
        }
    }
}
