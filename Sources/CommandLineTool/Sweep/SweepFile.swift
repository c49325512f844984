import DifferentialPrivacy
import Yams

/// What `compare --sweep` runs before it compares: every method at every ε, several times.
///
///     folder: runs/goemotions     runs, texts and records of finished cells
///     epsilons: [1, 4, 8, inf]
///     runs: 3                     independent runs of each
///     corpus:                     options that the methods share
///       data: mail.csv
///       label-columns: topic
///       delta: 1e-6
///     finetune: {epochs: 8}       options of `finetune`, as on the command line
///     sample:                     options of `sample`, for every finetune cell
///       count: 10000
///       top-p: {inf: 1}           at this ε alone
///     evolve: {iterations: 8, count: 10000}
///     fewshot: {count: 1000}
///
/// A method that is left out is not run. Paths are relative to the working folder.
struct SweepFile {
    let folder: String
    /// As written: numbers, or `inf`.
    let epsilons: [String]
    let runs: Int
    private let corpus: [SweepOption]
    private let options: [String: [SweepOption]]

    private static let keys: Set<String> = [
        "folder", "epsilons", "runs", "corpus", "finetune", "sample", "evolve", "fewshot",
    ]
    /// What a cell says itself.
    private static let reserved: Set<String> = [
        "out", "epsilon", "resume", "json", "quiet", "seed", "config",
    ]

    /// Reads the file's root.
    ///
    /// - Parameters:
    ///   - mapping: The root.
    ///   - path: Where it was read from, for messages.
    /// - Throws: `ToolError.badConfiguration`.
    init(_ mapping: Node.Mapping, path: String) throws {
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, Self.keys.contains(name) else {
                throw Self.refused(path, "knows \(Self.keys.sorted().joined(separator: ", ")) only")
            }
            values[name] = value
        }
        guard let folder = values["folder"]?.scalar?.string, !folder.isEmpty else {
            throw Self.refused(path, "must name a folder for runs and texts")
        }
        self.folder = folder
        let epsilons = try Self.epsilons(values["epsilons"], path)
        runs = try Self.runs(values["runs"], path)
        var options: [String: [SweepOption]] = [:]
        for name in ["corpus", "finetune", "sample", "evolve", "fewshot"] {
            options[name] = try values[name].map {
                try Self.options($0, of: name, at: epsilons, path)
            }
        }
        guard RunMethod.allCases.contains(where: { options[$0.rawValue] != nil }) else {
            throw Self.refused(path, "must have finetune, evolve or fewshot")
        }
        self.epsilons = epsilons
        corpus = options["corpus"] ?? []
        self.options = options
    }

    /// The cells: run after run, so that an unfinished sweep has every ε rather than every run.
    var cells: [SweepCell] {
        let methods = RunMethod.allCases.filter { options[$0.rawValue] != nil }
        return (1...runs).flatMap { run in
            methods.flatMap { method in
                epsilons.map { SweepCell(method: method, epsilon: $0, run: run, sweep: self) }
            }
        }
    }

    /// The arguments that the file has for a command at an ε; the method's own win over the corpus'.
    func arguments(of command: String, at epsilon: String) -> [String] {
        arguments(of: command, at: epsilon) { _ in true }
    }

    /// Those of the options that `isWanted` by their names.
    func arguments(
        of command: String,
        at epsilon: String,
        _ isWanted: (String) -> Bool
    ) -> [String] {
        let own = options[command] ?? []
        let names = Set(own.map(\.name))
        let shared = command == "sample" ? [] : corpus.filter { !names.contains($0.name) }
        return (shared + own).filter { isWanted($0.name) }
            .flatMap { $0.arguments(at: epsilon) }
    }

    private static func epsilons(_ node: Node?, _ path: String) throws -> [String] {
        let written = node?.sequence?.compactMap(\.scalar?.string) ?? []
        let isValid = written.allSatisfy { $0 == "inf" || (Double($0) ?? 0) > 0 }
        guard !written.isEmpty, written.count == node?.sequence?.count, isValid,
            Set(written).count == written.count
        else { throw refused(path, "epsilons must be a list of different numbers above 0, or inf") }
        return written
    }

    private static func runs(_ node: Node?, _ path: String) throws -> Int {
        guard let node else { return 1 }
        guard let runs = node.scalar.flatMap({ Int($0.string) }), (1...100).contains(runs) else {
            throw refused(path, "runs must be a whole number in 1...100")
        }
        return runs
    }

    private static func options(
        _ node: Node,
        of command: String,
        at epsilons: [String],
        _ path: String
    ) throws -> [SweepOption] {
        guard let mapping = node.mapping else {
            throw refused(path, "\(command) must be a mapping of option names to values")
        }
        let options = try mapping.map {
            try SweepOption(key: $0.key, value: $0.value, epsilons: epsilons, path: path)
        }
        // A cell samples from its own run.
        let own = command == "sample" ? reserved.union(["model"]) : reserved
        if let taken = options.first(where: { own.contains($0.name) }) {
            throw refused(path, "\(command) must leave out \(taken.name), which each cell sets")
        }
        return options
    }

    private static func refused(_ path: String, _ problem: String) -> ToolError {
        .badConfiguration("\(path): a sweep \(problem) (--sweep)")
    }
}
