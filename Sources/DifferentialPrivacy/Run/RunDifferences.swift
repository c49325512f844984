public import Messages

/// The settings in which a request differs from the run that it is to continue.
public struct RunDifferences: Equatable, Sendable {
    private struct Difference: Equatable, Sendable {
        let setting: Message
        let values: String?
    }

    private var differences: [Difference] = []

    /// No difference yet.
    public init() {}

    /// Whether the request asks for nothing else than the run has.
    public var isEmpty: Bool { differences.isEmpty }

    /// Compares a setting with the run's; one that is not asked for is as the run has it.
    public mutating func compare<Value: Equatable>(
        _ setting: Setting,
        asked: Value?,
        stored: Value?
    ) {
        guard let asked, asked != stored else { return }
        let stored = stored.map { "\($0)" } ?? "none"
        differences.append(Difference(setting: Message(setting), values: "\(stored), not \(asked)"))
    }

    /// Remembers a setting whose values say nothing to a reader, such as a list or a digest.
    public mutating func add(_ setting: Message) {
        differences.append(Difference(setting: setting, values: nil))
    }

    /// The same, for one setting, unless it is as the run has it.
    public mutating func add(_ setting: Setting, unless isSame: Bool) {
        if !isSame { add(Message(setting)) }
    }

    /// Every setting, with the run's value and the one asked for.
    var list: Message {
        let parts = differences.map { difference -> Message in
            difference.values.map { "\(difference.setting) (\($0))" } ?? difference.setting
        }
        return parts.dropFirst().reduce(parts.first ?? "") { "\($0), \($1)" }
    }
}

/// Why a run cannot be continued as asked, or its description not be read.
public enum RunError: Equatable, Explained {
    /// Settings other than those that the run was begun with.
    case otherSettings(path: String, differences: RunDifferences)
    /// Another corpus than the one that the run was begun with.
    case otherCorpus(path: String)
    /// The file of what was fixed beforehand is missing or does not say it.
    case damagedDescription(path: String, problem: String)

    /// What, where, what to do.
    public var explanation: Message {
        switch self {
        case .otherSettings(let path, let differences):
            "\(path) was started with other settings: \(differences.list)."
                + " Resume with the same, or choose another \(.output)."
        case .otherCorpus(let path):
            "\(path) was made with another corpus, so its ledger does not account for this one."
                + " Pass the same \(.data), or choose another \(.output)."
        case .damagedDescription(let path, let problem):
            "\(path): \(problem). Restore it from a copy, or start a new run."
        }
    }
}
