import Foundation

/// The command that began a run, as it was given: what `--resume --out RUN` alone goes on with.
///
/// It lies in the run as `command.json`, for its owner: options and paths, nothing of the corpus.
/// `release` and `export` leave it behind. What is given beside `--resume` wins over it.
struct ResumableCommand: Equatable, Codable {
    /// The commands with `--resume`, and what each of them must be told.
    private static let required = [
        "finetune": ["--data", "--epsilon"], "pretrain": ["--data"],
        "evolve": ["--data", "--epsilon", "--iterations", "--count"],
        "fewshot": ["--data", "--epsilon", "--count"],
    ]
    /// What is said anew each time.
    private static let passing: Set = ["--out", "--resume", "--json", "--quiet", "--config"]
    /// Options whose values are files, if such a file is there.
    private static let paths: Set = [
        "--data", "--labelled-data", "--label-values", "--label-distribution", "--model",
        "--tokenizer", "--embedding", "--prompts", "--instruction", "--shape", "--ledger-witness",
    ]

    /// `finetune`, `pretrain`, `evolve` or `fewshot`.
    let command: String
    /// Each option with its values, in the order given; paths are absolute.
    let options: [[String]]

    /// The command of these arguments, `--config` replaced; nil if it makes no run.
    init?(_ arguments: [String], folder: String = FileManager.default.currentDirectoryPath) {
        guard let command = arguments.first, Self.required[command] != nil else { return nil }
        self.command = command
        options = Self.groups(arguments.dropFirst())
            .filter { !Self.passing.contains(Self.name($0)) && !$0.contains("-") }
            .map { Self.paths.contains(Self.name($0)) ? Self.absolute($0, folder) : $0 }
    }

    /// The command of this process.
    static func ofThisProcess() throws -> ResumableCommand? {
        let given = try ConfigurationFile.expanding(Array(CommandLine.arguments.dropFirst()))
        return Self(try expanding(given.arguments))
    }

    /// Adds what the run's own command says to arguments with `--resume` that lack something.
    static func expanding(_ arguments: [String]) throws -> [String] {
        guard let command = arguments.first, let required = required[command] else {
            return arguments
        }
        let given = groups(arguments.dropFirst())
        let names = Set(given.map(name))
        guard names.contains("--resume"), required.contains(where: { !names.contains($0) }),
            let out = value("--out", of: given), let saved = read(from: out),
            saved.command == command
        else { return arguments }
        return arguments + saved.options.filter { !names.contains(name($0)) }.joined()
    }

    /// What to type to go on with a run.
    static func line(_ command: String, run: String) -> String {
        "dpscribe \(command) --resume --out \(quoted(run))"
    }

    /// Keeps it in a run; without it, `--resume` needs all options again.
    func save(to run: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = Self.file(run)
        try encoder.encode(self).write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// Takes it out of a folder that others are to have.
    static func remove(from run: String) { try? FileManager.default.removeItem(at: file(run)) }

    private static func file(_ run: String) -> URL {
        URL(filePath: run).appending(path: "command.json")
    }

    private static func read(from run: String) -> ResumableCommand? {
        guard let data = try? Data(contentsOf: file(run)) else { return nil }
        return try? JSONDecoder().decode(Self.self, from: data)
    }

    /// Each option with the values that follow it.
    private static func groups(_ arguments: ArraySlice<String>) -> [[String]] {
        arguments.reduce(into: []) { groups, argument in
            if argument.hasPrefix("--") || groups.isEmpty {
                groups.append([argument])
            } else {
                groups[groups.count - 1].append(argument)
            }
        }
    }

    private static func name(_ group: [String]) -> String {
        String((group.first ?? "").prefix { $0 != "=" })
    }

    private static func value(_ name: String, of groups: [[String]]) -> String? {
        guard let group = groups.last(where: { Self.name($0) == name }) else { return nil }
        let joined = group[0].dropFirst(name.count + 1)
        return joined.isEmpty ? group.dropFirst().first : String(joined)
    }

    /// Values that are files here, by their whole paths; a value may be several with commas between.
    private static func absolute(_ group: [String], _ folder: String) -> [String] {
        let name = name(group)
        let joined = group[0] == name ? [] : [String(group[0].dropFirst(name.count + 1))]
        func path(_ value: String) -> String? {
            let path = URL(filePath: value, relativeTo: URL(filePath: folder + "/")).path
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        let values = (joined + group.dropFirst()).flatMap { value in
            path(value).map { [$0] } ?? ListArgument.names([value]).map { path($0) ?? $0 }
        }
        return [name] + values
    }

    /// As a shell takes it for one word.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._-+=:@%,".utf8.contains(byte)
                }
            }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
