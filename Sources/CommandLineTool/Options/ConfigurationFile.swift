import ArgumentParser
import Corpus
import Yams

/// `--config FILE.yaml`: a mapping from option names to values, as if given on the command line.
///
///     epsilon: 8
///     label-columns: [emotion]
///     private-diagnostics: true
///
/// Values are scalars or lists of scalars; `true` sets a flag and `false` leaves it out. A name
/// given on the command line as well is taken from there alone. Paths in the file are relative to
/// the working folder, as on the command line.
enum ConfigurationFile {
    /// The arguments after the file was read into them.
    struct Expansion: Equatable {
        /// What the parser gets.
        var arguments: [String]
        /// A line for standard error if the parser refuses them: which names came from the file.
        var note: String?
    }

    /// Commands whose `--config` may name a model shape instead of a file of options.
    private static let shapedCommands: Set<String> = ["pretrain", "bench"]

    /// Replaces `--config FILE` by the options in the file.
    ///
    /// - Throws: `ToolError.missingInput` or `ToolError.badConfiguration`.
    static func expanding(_ arguments: [String]) throws -> Expansion {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var given = Array(arguments[..<end])
        guard
            let path = removeFile(
                from: &given,
                allowsShape: shapedCommands.contains(given.first ?? "")
            )
        else { return Expansion(arguments: arguments) }
        let names = Set(given.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) })
        let known = DPScribe.optionNames(after: given)
        let options = try read(path, known: known).filter { !names.contains("--" + $0.name) }
        let added = options.flatMap(\.arguments)
        return Expansion(
            arguments: given + added + arguments[end...],
            note: added.isEmpty
                ? nil
                : "dpscribe: \(path) sets " + options.map(\.name).joined(separator: ", ")
        )
    }

    /// Takes `--config VALUE` out of the arguments, unless the value is a model shape.
    private static func removeFile(from arguments: inout [String], allowsShape: Bool) -> String? {
        let prefix = "--config="
        guard let index = arguments.lastIndex(where: { $0 == "--config" || $0.hasPrefix(prefix) })
        else { return nil }
        let isJoined = arguments[index].hasPrefix(prefix)
        guard isJoined || index + 1 < arguments.endIndex else { return nil }
        let value =
            isJoined ? String(arguments[index].dropFirst(prefix.count)) : arguments[index + 1]
        let isYAML = value.hasSuffix(".yaml") || value.hasSuffix(".yml")
        if allowsShape, !isYAML { return nil }
        arguments.removeSubrange(index...(isJoined ? index : index + 1))
        return value
    }

    private static func read(_ path: String, known: Set<String>) throws -> [ConfiguredOption] {
        guard (try? CorpusFormat(path: path)) == nil else {
            throw ToolError.badConfiguration(
                "\(path): by its name a file of records, not of options (--config)"
            )
        }
        let file = try YAMLText(path, flag: "--config")
        guard let root = try file.root() else { return [] }
        guard let mapping = root.mapping else {
            throw file.refused("must be a mapping of option names to values")
        }
        return try mapping.map { key, value in
            let option = try ConfiguredOption(key: key, value: value, path: path)
            // By its line: the file may be another than was meant, and its keys content.
            guard known.isEmpty || known.contains(option.name) else {
                let line = key.mark.map { ", line \($0.line)" } ?? ""
                throw ToolError.usage(
                    "\(path)\(line): the command has no such option (--config); --help lists them"
                )
            }
            return option
        }
    }
}

extension DPScribe {
    /// The names, without dashes, in the help of the command that the arguments begin with; none if
    /// they name no command.
    fileprivate static func optionNames(after arguments: [String]) -> Set<String> {
        var command: any ParsableCommand.Type = DPScribe.self
        for word in arguments {
            guard
                let next = command.configuration.subcommands.first(where: {
                    $0._commandName == word
                })
            else { break }
            command = next
        }
        guard command != DPScribe.self else { return [] }
        return Set(
            DPScribe.helpMessage(for: command, includeHidden: true)
                .matches(of: /--([a-z][a-z0-9-]*)/).map { String($0.1) }
        )
    }
}
