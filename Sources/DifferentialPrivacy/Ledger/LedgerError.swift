import Glibc
public import Messages

/// Why a ledger, a run folder or a key file cannot be used.
///
/// Exit codes of the command line: `fileFailed` 74, `alreadyExists`, `hiddenName` and `busy` 73,
/// `targetExceeded` and `corpusBudgetExceeded` 3, everything else 4.
public enum LedgerError: Equatable, Explained {
    /// The operating system refused a file operation; `code` is its `errno`.
    case fileFailed(operation: String, path: String, code: Int32)
    /// The run folder is there already and not empty.
    case alreadyExists(path: String)
    /// The name of a new run begins with a dot.
    case hiddenName(path: String)
    /// Another process is writing this run.
    case busy(path: String)
    /// There is no ledger where one must be.
    case missing(path: String)
    /// A line does not continue the chain: edited, reordered or damaged.
    case broken(path: String, line: Int, reason: String)
    /// The ledger ends before what the checkpoint says was recorded, or tells another story.
    case doesNotCover(path: String, entries: Int, required: Int)
    /// The file that says what was fixed beforehand is not the one that the ledger was begun with.
    case otherDescription(path: String)
    /// The secret, or the fingerprint key, is missing or not in the form this product writes.
    case unusableSecret(path: String, reason: String)
    /// The key beside the runs is not the one that a run's ledger was begun with.
    case otherKey(path: String, run: String)
    /// The plan of this run, with what others on its corpus cost, goes beyond the corpus' total.
    case corpusBudgetExceeded(path: String, epsilon: Double, budget: Double, runs: [String])
    /// Recording this release would bring ε above the target; nothing was recorded.
    case targetExceeded(path: String, epsilon: Double, target: Double)
    /// A run that is finished records nothing more.
    case finished(path: String)
    /// An earlier write failed: what is on disk is unknown until the run is opened again.
    case unusableAfterFailure(path: String)

    /// What happened, where, and what to do.
    public var explanation: Message {
        switch self {
        case .fileFailed(let operation, let path, let code):
            "cannot \(operation) \(path): \(Self.reason(code)). Free space or permissions, then \(.resume)."
        case .alreadyExists(let path):
            "\(path) exists and is not empty. Choose another \(.output), or continue it with \(.resume)."
        case .hiddenName(let path):
            "\(path): the name of a run must not begin with a dot, or what it spends is easily"
                + " overlooked. Choose another \(.output)."
        case .busy(let path):
            "\(path) is being written by another process. Wait for it to end, then \(.resume)."
        case .missing(let path):
            "\(path) is missing: without it the privacy spent is unknown. Restore it from a copy."
        case .broken(let path, let line, let reason):
            "\(path), line \(line): \(reason). The ledger was edited or damaged; restore it."
        case .doesNotCover(let path, let entries, let required):
            "\(path) has \(entries) entries that do not cover the \(required) of its checkpoint."
                + " It was shortened or replaced; restore it from a copy."
        case .otherDescription(let path):
            "\(path) is not the file that the ledger was begun with: it was edited or replaced."
                + " Restore it from a copy, or start a new run."
        case .unusableSecret(let path, let reason):
            "\(path): \(reason). Reserved steps cannot be replayed without it."
        case .otherKey(let path, let run):
            "\(path) is not the key that the ledger of \(run) was begun with: the key was replaced,"
                + " or that run comes from another folder. What runs cost a corpus together cannot be"
                + " told. Put the right key back, or move that run back to its folder."
        case .corpusBudgetExceeded(let path, let epsilon, let budget, let runs):
            "\(path): with this plan all runs on the corpus would cost epsilon \(epsilon) together,"
                + " above the corpus' budget \(budget)"
                + (runs.isEmpty ? "" : " (others here: \(runs.joined(separator: ", ")))")
                + ". Nothing was spent. Plan for less, or allow a larger total."
        case .targetExceeded(let path, let epsilon, let target):
            "\(path): the next release would bring epsilon to \(epsilon), above the target"
                + " \(target). Stopped before it."
        case .finished(let path):
            "\(path) is complete; nothing more can be recorded in it."
        case .unusableAfterFailure(let path):
            "\(path): an earlier write failed, so nothing more is recorded. Continue with \(.resume)."
        }
    }

    private static func reason(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
