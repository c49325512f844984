import DifferentialPrivacy

/// What `status` prints.
struct RunStatus {
    let run: String
    let record: LedgerRecord
    /// The newest checkpoint's step; nil before the first.
    let checkpointStep: Int?
    /// ε of this run so far.
    let spent: Double
    /// Runs here that read the same corpus, this one included.
    let corpusRuns: Int
    /// ε of all of them together.
    let corpusSpent: Double

    private var plannedSteps: Int { record.header.planned.map(\.count).max() ?? 0 }

    private var isPrivate: Bool { record.header.budget != .unlimited && !record.header.isInsecure }

    var json: JSONValue {
        .object([
            .init(key: "run", value: .string(run)),
            .init(key: "method", value: .string(record.header.method)),
            .init(key: "finished", value: .bool(record.isFinished)),
            .init(key: "private", value: .bool(isPrivate)),
            .init(key: "steps", value: .integer(plannedSteps)),
            .init(key: "steps_done", value: .integer(checkpointStep ?? 0)),
            .init(key: "releases_reserved", value: .integer(record.spending.count)),
            .init(key: "epsilon", value: .number(spent)),
            .init(key: "delta", value: record.header.budget.delta.map { .number($0) } ?? .null),
            .init(key: "target_epsilon", value: .number(record.header.budget.epsilon)),
            .init(key: "corpus_runs", value: .integer(corpusRuns)),
            .init(key: "corpus_epsilon", value: .number(corpusSpent)),
        ])
    }

    var lines: [String] {
        var lines = [
            "\(run): \(record.header.method), \(record.isFinished ? "finished" : "not finished")",
            "step \(checkpointStep ?? 0) of \(plannedSteps) in the newest checkpoint, "
                + "\(record.spending.count) releases reserved",
        ]
        if !isPrivate { lines.append("NOT PRIVATE") }
        if let delta = record.header.budget.delta {
            let target = ConsoleText.roundedUp(record.header.budget.epsilon)
            lines.append(
                "epsilon \(ConsoleText.roundedUp(spent)) of \(target) at delta \(delta), "
                    + "\(Self.unit(record.header.unit)), add or remove one"
            )
        }
        lines.append(
            "\(corpusRuns) \(corpusRuns == 1 ? "run" : "runs") here on this corpus, together epsilon "
                + ConsoleText.roundedUp(corpusSpent)
        )
        return lines
    }

    private static func unit(_ unit: PrivacyUnit) -> String {
        switch unit {
        case .record: "per record"
        case .user(let most): "per user of at most \(most) records"
        }
    }
}
