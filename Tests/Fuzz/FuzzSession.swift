import Foundation

/// Runs inputs one by one and remembers what came of them.
struct FuzzSession {
    /// Longest time for one input of at most 64 KiB, in whole seconds; then SIGALRM ends the process.
    private static let patience: UInt32 = 10

    private static let mostInputs = 2_000

    private let target: any FuzzTarget
    private let scratch: String
    private let keep: String?
    /// Inputs that are damaged further.
    private(set) var pool: [[UInt8]] = []
    /// Each outcome, once.
    private(set) var outcomes: Set<String> = []
    private(set) var runs = 0
    private(set) var accepted = 0
    /// Seconds of the slowest input.
    private(set) var slowest = 0.0

    init(target: any FuzzTarget, scratch: String, keep: String?) {
        self.target = target
        self.scratch = scratch
        self.keep = keep
    }

    /// Parses one input; `joins` puts it into the pool whatever comes of it.
    mutating func run(_ bytes: [UInt8], joins: Bool) throws {
        try Data(bytes).write(to: URL(filePath: scratch + "/" + target.fileName))
        let start = ProcessInfo.processInfo.systemUptime
        alarm(Self.patience)
        let outcome: String
        do {
            outcome = try target.run(folder: scratch, bytes: bytes)
            accepted += 1
        } catch {
            outcome = Self.signature(of: error)
        }
        alarm(0)
        slowest = max(slowest, ProcessInfo.processInfo.systemUptime - start)
        runs += 1
        let isNew = outcomes.insert(outcome).inserted
        if joins || isNew && pool.count < Self.mostInputs { pool.append(bytes) }
        if isNew, !joins, let keep {
            try Data(bytes).write(to: URL(filePath: "\(keep)/\(outcomes.count)-\(runs)"))
        }
    }

    /// The cases of the error, and the words of what it says is wrong or was expected.
    private static func signature(of error: Any) -> String {
        let mirror = Mirror(reflecting: error)
        if let text = error as? String {
            let words = text.split(separator: " ").filter { word in
                word.utf8.allSatisfy { (0x61...0x7A).contains($0) } && word.utf8.count > 2
            }
            return words.prefix(8).joined(separator: " ")
        }
        guard mirror.displayStyle == .enum || mirror.displayStyle == .tuple else { return "" }
        if mirror.children.isEmpty { return "\(error)" }
        return mirror.children.map { label, value in
            let isNamed = ["path", "tensor", "found", "bytes", "name", "key"].contains(label ?? "")
            return (label ?? "") + " " + (isNamed ? "" : signature(of: value))
        }.joined(separator: " ")
    }
}
