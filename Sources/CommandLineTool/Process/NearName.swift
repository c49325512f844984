import ArgumentParser
import Foundation

/// Finds what was meant by a command or an option that does not exist.
///
/// The parser names the first thing that is wrong, which may be an option that is missing because its name
/// is misspelt; and it takes a misspelt command for a superfluous value.
enum NearName {
    /// A command as the parser describes it.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { let kind, name: String }
            let kind: String
            let names: [Name]?
        }
        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?

        var options: Set<String> {
            Set(
                (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(
                    \.name
                )
            )
        }
    }

    private struct Description: Decodable { let command: Command }

    /// A sentence about the first name in the arguments that does not exist; nil if all do.
    static func complaint(about arguments: [String]) -> String? {
        let text = Data(DPScribe._dumpHelp().utf8)
        guard let root = try? JSONDecoder().decode(Description.self, from: text).command else {
            return nil
        }
        var command = root
        var rest = arguments.prefix { $0 != "--" }
        while let word = rest.first, let known = command.subcommands, !known.isEmpty {
            guard let next = known.first(where: { $0.commandName == word }) else {
                guard !word.hasPrefix("-") else { break }
                return sentence("command", word, known.map(\.commandName), prefix: "")
            }
            command = next
            rest = rest.dropFirst()
        }
        let options = command.options.union(["help", "version", "generate-completion-script"])
        let names = rest.filter { $0.hasPrefix("--") }
            .map { String($0.dropFirst(2).prefix { $0 != "=" }) }
        guard let unknown = names.first(where: { !options.contains($0) && !$0.isEmpty }) else {
            return nil
        }
        return sentence("option", unknown, options.sorted(), prefix: "--")
    }

    private static func sentence(
        _ kind: String,
        _ name: String,
        _ known: [String],
        prefix: String
    ) -> String {
        let near = nearest(name, in: known).map { ". Did you mean '\(prefix)\($0)'?" } ?? ""
        return "Unknown \(kind) '\(prefix)\(name)'" + near
    }

    /// The name that the fewest changes make of it, if that is no more than every third character.
    static func nearest(_ name: String, in known: [String]) -> String? {
        let distances = known.map { ($0, distance(Array(name.lowercased()), Array($0))) }
        guard let (best, changes) = distances.min(by: { $0.1 < $1.1 }),
            changes <= max(1, min(name.count, best.count) / 3)
        else { return nil }
        return best
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one of the other (the
    /// restricted distance of Damerau 1964).
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var rows = [Array(0...second.count)]
        for (i, a) in first.enumerated() {
            var row = [i + 1]
            for (j, b) in second.enumerated() {
                var least = min(rows[i][j + 1], row[j]) + 1
                least = min(least, rows[i][j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == second[j - 1], first[i - 1] == b {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
