import DifferentialPrivacy

/// What `status` prints.
struct RunStatus {
    let run: String
    let record: LedgerRecord
    /// How far it is.
    let progress: Progress
    /// ε of this run so far.
    let spent: Double
    /// Runs here that read the same or an overlapping corpus, this one included.
    let corpusRuns: Int
    /// ε of all of them together.
    let corpusSpent: Double
    /// The others among them, and what else must be known.
    let overlaps: CorpusRunsText
    /// What its texts are worth; nil for a run that is not finished or has no labels.
    let verdict: VerdictText?

    /// Steps of a training in its newest checkpoint, iterations of an evolution, or predicted texts.
    struct Progress {
        /// What is counted.
        enum Kind { case steps, iterations, texts }

        let done: Int
        let total: Int
        let kind: Kind

        var line: String {
            switch kind {
            case .steps: "step \(done) of \(total) in the newest checkpoint"
            case .iterations: "\(done) of \(total) iterations voted on"
            case .texts: "\(done) of \(total) texts written"
            }
        }
    }

    var json: JSONValue {
        .object([
            .init(key: "run", value: .string(run)),
            .init(key: "method", value: .string(record.header.method.rawValue)),
            .init(key: "finished", value: .bool(record.isFinished)),
            .init(key: "private", value: .bool(record.header.isPrivate)),
            .init(key: "steps", value: .integer(progress.total)),
            .init(key: "steps_done", value: .integer(progress.done)),
            .init(key: "releases_reserved", value: .integer(record.spending.count)),
            .init(key: "epsilon", value: .number(spent)),
            .init(key: "delta", value: record.header.budget.delta.map { .number($0) } ?? .null),
            .init(key: "target_epsilon", value: .number(record.header.budget.epsilon)),
            .init(key: "corpus_runs", value: .integer(corpusRuns)),
            .init(key: "corpus_epsilon", value: .number(corpusSpent)),
            .init(key: "corpus_overlaps", value: overlaps.json),
            .init(key: "verdict", value: verdict?.json ?? .null),
        ])
    }

    var lines: [String] {
        var lines = [
            "\(run): \(record.header.method.rawValue), \(record.isFinished ? "finished" : "not finished")",
            "\(progress.line), \(record.spending.count) releases reserved",
        ]
        if !record.header.isPrivate { lines.append("NOT PRIVATE") }
        if let delta = record.header.budget.delta {
            let target = ConsoleText.roundedUp(record.header.budget.epsilon)
            lines.append(
                "epsilon \(ConsoleText.roundedUp(spent)) of \(target) at delta \(delta), "
                    + "\(Self.unit(record.header.unit)), add or remove one"
            )
        }
        lines.append(
            "\(corpusRuns) \(corpusRuns == 1 ? "run" : "runs") here on these records, together epsilon "
                + ConsoleText.roundedUp(corpusSpent)
        )
        if corpusSpent > record.header.budget.epsilon {
            lines.append(
                "WARNING: together that is more than the \(record.header.budget.epsilon) asked of this run"
            )
        }
        return lines + overlaps.overlaps + overlaps.unknown + (verdict?.lines ?? [])
    }

    private static func unit(_ unit: PrivacyUnit) -> String {
        switch unit {
        case .record: "per record"
        case .user(let most): "per user of at most \(most) records"
        }
    }
}
