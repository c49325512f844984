import Foundation

/// What the texts of a method at one ε are worth, in plain words.
///
/// Nothing is claimed that the 95 % intervals of the method, of real text and of guessing do not carry:
/// two values are called different where the interval of their difference leaves out 0, and a share of the
/// way from guessing to real text comes with its own interval (Fieller 1954, *JRSS B* 16).
public struct MethodVerdict: Sendable, Encodable, Equatable {
    /// What one label column says.
    public enum Finding: String, Sendable, Codable {
        /// Certainly below the most frequent label.
        case worseThanGuessing = "worse-than-guessing"
        /// Not certainly above it.
        case noBetterThanGuessing = "no-better-than-guessing"
        /// Certainly above it, and certainly below real text.
        case betterThanGuessing = "better-than-guessing"
        /// Certainly above guessing, and not certainly below real text.
        case likeRealText = "like-real-text"
        /// Certainly above real text.
        case betterThanRealText = "better-than-real-text"
        /// Not even real text is certainly above guessing.
        case undecidable = "undecidable"
    }

    /// One label column.
    public struct Column: Sendable, Encodable, Equatable {
        /// Its name.
        public let column: String
        /// The finding.
        public let finding: Finding
        /// The share of the way from guessing to real text; absent where there is no way to go.
        public let share: Double?
        /// Lower and upper end of its 95 % interval.
        public let shareInterval: [Double]?
        /// The same in words.
        public let text: String

        enum CodingKeys: String, CodingKey {
            case column, finding, share, text
            case shareInterval = "share_interval"
        }
    }

    /// The name of the row, or of the method with its ε where there are several runs.
    public let name: String
    /// The label columns of the comparison that the texts carry.
    public let columns: [Column]
    /// How like real text the texts are, in words; empty if nothing was measured.
    public let likeness: String
    /// What membership shows, in words; empty unless the interval carries it.
    public let warning: String
    /// All of it in a few sentences, without the name.
    public let text: String

    /// Judges a group of a report.
    init(of group: ComparisonGroup, in report: ComparisonReport) {
        name = group.name
        columns = report.context.labelColumns.compactMap { column in
            VerdictScores(of: group, column, in: report).map { scores in
                Column(
                    column: column,
                    finding: scores.finding,
                    share: scores.share?.value,
                    shareInterval: scores.share?.interval,
                    text: scores.sentence
                )
            }
        }
        likeness = ReportLikeness.sentence(of: group, in: report)
        warning = ReportCloseness.warning(of: group)
        let sentences = columns.map {
            report.context.labelColumns.count > 1 ? "\($0.column): \($0.text)" : $0.text
        }
        text = (sentences + [likeness, warning]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Under a list of verdicts.
    static func caption(of report: ComparisonReport) -> String {
        let runs =
            report.hasSeveralRuns
            ? "a single run's leave out how another would differ"
            : "they leave out how another run would differ"
        return
            "Ranges are 95 % intervals; \(runs). “Guessing” always answers the most frequent label of "
            + "the test texts."
    }
}

/// The accuracies that a verdict weighs against each other.
struct VerdictScores {
    /// A value with half the length of its 95 % interval.
    struct Score {
        let value: Double
        let reach: Double
        let interval: [Double]

        /// Nil without an interval.
        init?(_ statistics: RunStatistics?) {
            guard let statistics, let interval = statistics.interval, interval.count == 2 else {
                return nil
            }
            value = statistics.mean
            self.interval = interval.map { min(1, max(0, $0)) }
            // One end may be cut off at what an accuracy can be.
            reach = max(statistics.mean - interval[0], interval[1] - statistics.mean)
        }

        /// The interval of the difference to another score; they share their test texts, which makes it
        /// too long rather than too short.
        func difference(to other: Score) -> (low: Double, high: Double) {
            let reach = (reach * reach + other.reach * other.reach).squareRoot()
            return (value - other.value - reach, value - other.value + reach)
        }
    }

    let method: Score
    let guess: Score
    let real: Score?
    let base: Score?
    /// What guessing answers.
    private let answer: String

    /// Nil where the method's accuracy, or that of guessing, has no interval.
    init?(of group: ComparisonGroup, _ column: String, in report: ComparisonReport) {
        func score(_ reference: ComparisonRow.Reference) -> Score? {
            let line = report.lines.first { $0.reference == reference }
            return Score(line?.metrics.judgedAccuracy[column])
        }
        guard let method = Score(group.metrics.judgedAccuracy[column]),
            let guess = score(.majorityClass)
        else { return nil }
        let mix = report.context.testLabelMix[column] ?? []
        let most = mix.map(\.share).max()
        self.init(
            method: method,
            guess: guess,
            real: score(.real),
            base: score(.untunedBase),
            answer: mix.first { $0.share == most }.map { "“\($0.label)”" }
                ?? "the most frequent label"
        )
    }

    init(method: Score, guess: Score, real: Score?, base: Score?, answer: String) {
        self.method = method
        self.guess = guess
        self.real = real
        self.base = base
        self.answer = answer
    }

    var finding: MethodVerdict.Finding {
        let gain = method.difference(to: guess)
        if gain.high < 0 { return .worseThanGuessing }
        guard gain.low > 0 else {
            return isDecidable ? .noBetterThanGuessing : .undecidable
        }
        guard let real, isDecidable else { return .betterThanGuessing }
        let gap = method.difference(to: real)
        if gap.low > 0 { return .betterThanRealText }
        return gap.high < 0 ? .betterThanGuessing : .likeRealText
    }

    /// Whether real text is certainly better than guessing.
    private var isDecidable: Bool { real.map { $0.difference(to: guess).low > 0 } ?? true }

    /// The share of the way from guessing to real text, with the t that fulfil
    /// (m − t r − (1 − t) g)² ≤ R_m² + t² R_r² + (1 − t)² R_g².
    var share: (value: Double, interval: [Double])? {
        guard let real, isDecidable else { return nil }
        let (gain, way) = (method.value - guess.value, real.value - guess.value)
        let guessSquare = guess.reach * guess.reach
        let square = way * way - real.reach * real.reach - guessSquare
        let half = gain * way - guessSquare
        let rest = gain * gain - method.reach * method.reach - guessSquare
        let root = max(0, half * half - square * rest).squareRoot()
        return (gain / way, [(half - root) / square, (half + root) / square])
    }

    /// The finding in words, a whole sentence but for its name.
    var sentence: String {
        let reached = "accuracy \(Self.text(method))"
        let against = "\(ReportNumber.fixed(guess.value, 3)) for always answering \(answer)"
        let scale = real.map { ", \(ReportNumber.fixed($0.value, 3)) for real text" } ?? ""
        switch finding {
        case .worseThanGuessing:
            return "worse than always answering \(answer): \(reached) against "
                + "\(ReportNumber.fixed(guess.value, 3))\(scale)."
        case .noBetterThanGuessing:
            return
                "no better than always answering \(answer), as far as can be measured: \(reached) "
                + "against \(ReportNumber.fixed(guess.value, 3))\(scale)."
        case .undecidable:
            return
                "cannot be judged: not even real text of the same size is measurably better than "
                + "always answering \(answer); \(reached), \(against)\(scale)."
        case .betterThanGuessing:
            guard real != nil, let share else {
                return
                    "better than always answering \(answer)\(besideBase): \(reached), \(against)\(scale)."
            }
            return
                "reaches \(Self.text(share)) of the way from guessing to real text\(besideBase): "
                + "\(reached), \(against)\(scale)."
        case .likeRealText:
            return
                "cannot be told from real text: reaches \(share.map(Self.text) ?? "all") of the way "
                + "from guessing to real text\(besideBase): \(reached), \(against)\(scale)."
        case .betterThanRealText:
            return "teaches more than real text of the same size: \(reached), \(against)\(scale)."
        }
    }

    /// How it stands to what costs no privacy, where it is no better.
    private var besideBase: String {
        guard let base else { return "" }
        let gain = method.difference(to: base)
        guard gain.low <= 0 else { return "" }
        let word = gain.high < 0 ? "worse than" : "no better, as far as can be measured, than"
        return
            ", and is \(word) the untuned model (\(ReportNumber.fixed(base.value, 3))), which costs no "
            + "privacy"
    }

    private static func text(_ score: Score) -> String {
        "\(ReportNumber.fixed(score.value, 3)) (\(ReportNumber.fixed(score.interval[0], 3)) to "
            + "\(ReportNumber.fixed(score.interval[1], 3)))"
    }

    private static func text(_ share: (value: Double, interval: [Double])) -> String {
        "\(percent(share.value)) % (\(percent(share.interval[0])) to \(percent(share.interval[1])) %)"
    }

    private static func percent(_ value: Double) -> String { ReportNumber.fixed(100 * value, 0) }
}
