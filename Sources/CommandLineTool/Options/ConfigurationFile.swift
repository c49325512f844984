import ArgumentParser
import Corpus
import Yams

/// `--config`: options that are written elsewhere, as if given on the command line.
///
/// A file is a mapping from option names to values:
///
///     epsilon: 8
///     label-columns: [emotion]
///     private-diagnostics: true
///
/// Values are scalars or lists of scalars; `true` sets a flag and `false` leaves it out. A name
/// given on the command line as well is taken from there alone. Paths in the file are relative to
/// the working folder, as on the command line.
///
/// `pretrain` and `bench` also take the name of a model shape, or a `config.json`, which stands for
/// `--shape`. `--config` can be given several times; of two that set the same option the later wins.
enum ConfigurationFile {
    /// The arguments after the file was read into them.
    struct Expansion: Equatable {
        /// What the parser gets.
        var arguments: [String]
        /// A line for standard error if the parser refuses them: which names came from the file.
        var note: String?
    }

    /// Commands with `--shape`.
    private static let shapedCommands: Set<String> = ["pretrain", "bench"]

    /// Replaces every `--config VALUE` by the options that it stands for.
    ///
    /// - Throws: `ToolError.missingInput` or `ToolError.badConfiguration`.
    static func expanding(_ arguments: [String]) throws -> Expansion {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var given = Array(arguments[..<end])
        let isShaped = shapedCommands.contains(given.first ?? "")
        var options: [ConfiguredOption] = []
        var notes: [String] = []
        while let value = removeLast(from: &given) {
            let names = Set(options.map(\.name) + given.compactMap(Self.name))
            let known = DPScribe.optionNames(after: given)
            let found = try Self.options(value, known: known, isShaped: isShaped)
                .filter { !names.contains($0.name) }
            options = found + options
            if !found.isEmpty {
                notes.append("dpscribe: \(value) sets " + found.map(\.name).joined(separator: ", "))
            }
        }
        guard !options.isEmpty || given.count < end else { return Expansion(arguments: arguments) }
        return Expansion(
            arguments: given + options.flatMap(\.arguments) + arguments[end...],
            note: notes.isEmpty ? nil : notes.reversed().joined(separator: "\n")
        )
    }

    /// The option's name without dashes, if an argument is one.
    private static func name(_ argument: String) -> String? {
        argument.hasPrefix("--") ? String(argument.dropFirst(2).prefix { $0 != "=" }) : nil
    }

    /// What a value of `--config` stands for.
    private static func options(
        _ value: String,
        known: Set<String>,
        isShaped: Bool
    ) throws -> [ConfiguredOption] {
        let isYAML = value.hasSuffix(".yaml") || value.hasSuffix(".yml")
        guard isYAML || !isShaped else { return [.shape(value)] }
        return try read(value, known: known).map {
            isShaped && $0.name == "config" ? .shape($0.value) : $0
        }
    }

    /// Takes the last `--config VALUE` out of the arguments.
    private static func removeLast(from arguments: inout [String]) -> String? {
        let prefix = "--config="
        guard let index = arguments.lastIndex(where: { $0 == "--config" || $0.hasPrefix(prefix) })
        else { return nil }
        let isJoined = arguments[index].hasPrefix(prefix)
        guard isJoined || index + 1 < arguments.endIndex else { return nil }
        let value =
            isJoined ? String(arguments[index].dropFirst(prefix.count)) : arguments[index + 1]
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
