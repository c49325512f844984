import ArgumentParser
import Foundation
import Testing

@testable import CommandLineTool

/// `docs/options.md` is made from the parser: `make pages` writes it, this suite finds it out of date.
@Suite struct OptionsPageTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/options.md")

    @Test func thePageOfOptionsIsCurrent() throws {
        let text = try OptionsPage(dump: DPScribe._dumpHelp()).text
        if ProcessInfo.processInfo.environment["DPSCRIBE_WRITE_PAGES"] != nil {
            try Data(text.utf8).write(to: Self.page)
        }
        let written = String(decoding: try Data(contentsOf: Self.page), as: UTF8.self)
        #expect(written == text, "docs/options.md is out of date: run make pages")
    }

    @Test func everyOptionOfACommandIsInItsTable() throws {
        let text = try OptionsPage(dump: DPScribe._dumpHelp()).text
        let chapters = text.components(separatedBy: "\n## ")
        let finetune = try #require(chapters.first { $0.hasPrefix("`dpscribe finetune`") })
        for option in ["--data FILE …", "--epsilon E", "--exact-noise", "--resume"] {
            #expect(finetune.contains("`\(option)`"), "\(option)")
        }
        #expect(!finetune.contains("--json"), "options of every command are said once")
        #expect(chapters.contains { $0.hasPrefix("`dpscribe audit mechanism`") })
    }
}

/// The page of all commands and their options, in Markdown.
private struct OptionsPage {
    /// What ArgumentParser says of a command, as far as the page says it.
    private struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let subcommands: [Command]?
        let arguments: [Argument]?
        let shouldDisplay: Bool
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let preferredName: Name?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let abstract: String?
        let discussion: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool
        let sectionTitle: String?

        /// The option as it is typed, or the name of a value that stands alone.
        var spelling: String {
            let value = (valueName ?? "value").uppercased() + (isRepeating ? " …" : "")
            guard let name = preferredName else { return value }
            let dashes = name.kind == "short" ? "-" : "--"
            return dashes + name.name + (kind == "flag" ? "" : " " + value)
        }

        /// Everything that the help says, in one cell.
        var meaning: String {
            let facts = [
                allValues.flatMap {
                    $0.isEmpty ? nil : "One of " + $0.joined(separator: ", ") + "."
                },
                defaultValue.map { "Default: \($0)." }, isOptional ? nil : "Required.",
            ]
            return ([abstract, discussion] + facts).compactMap(\.self).joined(separator: " ")
                .split(whereSeparator: \.isNewline).joined(separator: " ")
                .replacing("|", with: "\\|").replacing("<", with: "&lt;")
        }
    }

    private struct Dump: Decodable { let command: Command }

    /// Options that every command has.
    private static let common = ["json", "quiet", "threads", "config", "version", "help"]

    let text: String

    init(dump: String) throws {
        let tool = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        var lines = [
            "# Commands and options", "",
            "Made from the parser by `make pages`; do not edit. `dpscribe help COMMAND` says the same, with"
                + " examples.",
        ]
        let commands = Self.leaves(of: tool, path: tool.commandName)
        let shared = commands.first { $0.path == "dpscribe finetune" }?.command.arguments ?? []
        lines += ["", "## Every command", ""]
        lines += Self.table(shared.filter { Self.isCommon($0) })
        for (path, command) in commands {
            lines += ["", "## `\(path)`", "", command.abstract ?? ""]
            var sections: [String] = []
            let own = (command.arguments ?? []).filter { $0.shouldDisplay && !Self.isCommon($0) }
            for argument in own where !sections.contains(argument.sectionTitle ?? "") {
                sections.append(argument.sectionTitle ?? "")
            }
            for section in sections {
                lines += section.isEmpty ? [""] : ["", "**\(section)**", ""]
                lines += Self.table(own.filter { ($0.sectionTitle ?? "") == section })
            }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func isCommon(_ argument: Argument) -> Bool {
        common.contains(argument.preferredName?.name ?? "")
    }

    /// The commands that do something, each with all the words that call it.
    private static func leaves(
        of command: Command,
        path: String
    ) -> [(path: String, command: Command)] {
        let below = (command.subcommands ?? []).filter {
            $0.shouldDisplay && $0.commandName != "help"
        }
        guard !below.isEmpty else { return [(path, command)] }
        return below.flatMap { leaves(of: $0, path: path + " " + $0.commandName) }
    }

    private static func table(_ arguments: [Argument]) -> [String] {
        guard !arguments.isEmpty else { return [] }
        return ["| option | meaning |", "| --- | --- |"]
            + arguments.map {
                // A bar ends a cell, even within a code span.
                "| `\($0.spelling.replacing("|", with: "\\|"))` | \($0.meaning) |"
            }
    }
}
