import Synchronization

/// What a run told, from any thread.
final class ProgressRecord: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }

    /// All lines; threads may swap their order, which depends on no record.
    var sorted: [String] { lines.withLock { $0.sorted() } }
}
