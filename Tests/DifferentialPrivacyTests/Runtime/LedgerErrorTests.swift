import Glibc
import Messages
import Testing

@testable import DifferentialPrivacy

@Suite struct LedgerErrorTests {
    private static let messages: [(LedgerError, [String])] = [
        (.fileFailed(operation: "sync", path: "p", code: ENOSPC), ["sync p", "No space left"]),
        (.alreadyExists(path: "p"), ["p exists", "output folder", "resume"]),
        (.hiddenName(path: "p/.q"), ["p/.q", "dot", "output folder"]),
        (.busy(path: "p"), ["p", "another process"]),
        (.missing(path: "p"), ["p is missing", "Restore"]),
        (.broken(path: "p", line: 3, reason: "why"), ["p, line 3", "why", "restore"]),
        (.doesNotCover(path: "p", entries: 2, required: 5), ["p has 2", "5", "restore"]),
        (.otherDescription(path: "p"), ["p is not the file", "edited", "Restore"]),
        (.unusableSecret(path: "p", reason: "why"), ["p: why"]),
        (.otherKey(path: "p/.key", run: "r"), ["p/.key", "of r", "Put the right key back"]),
        (
            .corpusBudgetExceeded(path: "p", epsilon: 9.5, budget: 8, runs: ["q", "r"]),
            ["p:", "9.5", "8.0", "q, r", "Nothing was spent"]
        ),
        (.targetExceeded(path: "p", epsilon: 8.5, target: 8), ["8.5", "8.0", "Stopped"]),
        (.finished(path: "p"), ["p is complete"]),
        (.unusableAfterFailure(path: "p"), ["p", "resume"]),
    ]

    @Test(arguments: messages)
    func theMessageSaysWhatWhereAndWhatToDo(error: LedgerError, parts: [String]) {
        for part in parts { #expect(error.description.contains(part), "\(error)") }
    }
}
