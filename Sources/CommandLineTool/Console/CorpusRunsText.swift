import DifferentialPrivacy

/// What a person is told about the runs beside one that learned from the same records.
///
/// Shares say something about private corpora. They are told to whoever owns both, on the terminal and
/// by `status`, and are part of no file and no release.
struct CorpusRunsText {
    /// The most runs that are named one by one.
    private static let namedRuns = 5

    private let folder: String
    private let header: LedgerHeader
    private let others: [CorpusRuns.Member]
    private let runs: CorpusRuns

    /// - Parameters:
    ///   - runs: Those on the corpus, with or without the run that this is about.
    ///   - header: Of that run.
    ///   - path: Its folder.
    init(_ runs: CorpusRuns, of header: LedgerHeader, at path: String) {
        folder = RunFolder(path: path).parent
        self.header = header
        self.runs = runs
        others = runs.members.filter { $0.record.header.runIdentifier != header.runIdentifier }
    }

    /// What must be known before the run goes on; nothing where it is alone with its corpus.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    func warnings() throws -> [String] {
        overlaps + (try total().map { [$0] } ?? []) + unknown
    }

    /// One line for each other run, up to a few.
    var overlaps: [String] {
        let named = others.prefix(Self.namedRuns).map {
            "\(Self.sentence($0.overlap)) \(folder)/\($0.run)"
        }
        let rest = others.count - named.count
        return named + (rest > 0 ? ["and overlaps with \(rest) more runs in \(folder)"] : [])
    }

    /// That some runs here cannot be compared by their records.
    var unknown: [String] {
        guard !runs.unknown.isEmpty else { return [] }
        let names = runs.unknown.prefix(Self.namedRuns).joined(separator: ", ")
        let more = runs.unknown.count > Self.namedRuns ? ", …" : ""
        return [
            "\(names)\(more) in \(folder): begun by an earlier version that did not remember records."
                + " They are counted only if a file is the same to the byte; whether they read the"
                + " same people's records, you must know."
        ]
    }

    var json: JSONValue {
        .array(
            others.map {
                [
                    "run": .string(folder + "/" + $0.run),
                    "share": $0.overlap.share.map { .number($0) } ?? .null,
                    "share_of_other": $0.overlap.shareOfOther.map { .number($0) } ?? .null,
                ]
            }
        )
    }

    private func total() throws -> String? {
        guard !others.isEmpty else { return nil }
        let count = others.count + 1
        guard let delta = header.budget.delta, !header.isInsecure else {
            return "WARNING: this run gives no guarantee, so the \(count) runs on these records"
                + " have none together."
        }
        let total = try runs.epsilonAtEnd(with: header)
        let text =
            "the \(count) runs on these records cost epsilon \(ConsoleText.roundedUp(total)) together"
            + " at delta \(delta), once all are finished"
        guard total > header.budget.epsilon else { return text }
        return "WARNING: \(text): more than the \(header.budget.epsilon) asked of this one."
            + " That total is what the people in the corpus are promised; cap it with --corpus-budget."
    }

    private static func sentence(_ overlap: CorpusOverlap) -> String {
        guard let share = overlap.share else {
            return "the corpus has a file in common with that of"
        }
        return "the corpus shares \(percentage(share)) of its records with that of"
    }

    /// Never 0, and "all" for nothing less.
    static func percentage(_ share: Double) -> String {
        if share >= 1 { return "all" }
        if share < 0.01 { return "less than 1 %" }
        return "about \(min(Int((100 * share).rounded()), 99)) %"
    }
}
