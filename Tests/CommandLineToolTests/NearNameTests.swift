import ArgumentParser
import Foundation
import Testing

@testable import CommandLineTool

/// What the command line knows of itself: names that are near, and what a shell can complete.
@Suite struct NearNameTests {
    @Test(arguments: [
        ("finetun --data a.csv", "Unknown command 'finetun'. Did you mean 'finetune'?"),
        ("Sampel", "Unknown command 'Sampel'. Did you mean 'sample'?"),
        ("privacy epsilo", "Unknown command 'epsilo'. Did you mean 'epsilon'?"),
        ("zzz", "Unknown command 'zzz'"),
        ("finetune --epsilom 8", "Unknown option '--epsilom'. Did you mean '--epsilon'?"),
        ("finetune --epsilom=8", "Unknown option '--epsilom'. Did you mean '--epsilon'?"),
        ("bench trian --config x", "Unknown command 'trian'. Did you mean 'train'?"),
        ("bench train --stesp 1", "Unknown option '--stesp'. Did you mean '--steps'?"),
        ("sample --jason", "Unknown option '--jason'. Did you mean '--json'?"),
        ("sample --colour x", "Unknown option '--colour'"),
    ])
    func whatIsMisspeltIsNamedWithWhatIsNear(arguments: String, complaint: String) {
        let words = arguments.split(separator: " ").map(String.init)
        #expect(NearName.complaint(about: words) == complaint)
    }

    @Test(arguments: ["finetune --epsilon", "sample --count x", "help sample", "status -- --x"])
    func whatExistsIsLeftToTheParser(arguments: String) {
        let words = arguments.split(separator: " ").map(String.init)
        #expect(NearName.complaint(about: words) == nil)
    }

    /// By hand: kitten → sitting 3, ab → ba one swap.
    @Test func distancesAreThoseOfDamerau() {
        for (first, second, count) in [
            ("kitten", "sitting", 3), ("", "abc", 3), ("ab", "ba", 1), ("same", "same", 0),
            ("epsilom", "epsilon", 1), ("lable", "label", 1),
        ] {
            #expect(NearName.distance(Array(first), Array(second)) == count)
            #expect(NearName.distance(Array(second), Array(first)) == count)
        }
    }

    /// The part of the parser's own description that says how to complete.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Completion: Decodable { let values: [String]? }
            let valueName: String?
            let completionKind: [String: Completion]?
        }
        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?

        var all: [Command] { [self] + (subcommands ?? []).flatMap(\.all) }
    }

    /// Shells complete files where files are meant, and the values of what has some.
    @Test func everyOptionSaysHowToCompleteIt() throws {
        struct Tool: Decodable { let command: Command }
        let tool = try JSONDecoder().decode(Tool.self, from: Data(DPScribe._dumpHelp().utf8))
        let kinds = [
            "dir": "directory", "run": "directory", "dir|run": "directory", "file": "file",
            "model|run|file": "file", "name=path": "file", "rule": "list", "format": "list",
            "set": "list", "name|file": "list", "accountant": "list",
        ]
        var seen = 0
        for command in tool.command.all {
            for argument in command.arguments ?? [] {
                guard let kind = argument.valueName.flatMap({ kinds[$0] }) else { continue }
                let completion = argument.completionKind?[kind]
                #expect(completion != nil, "\(command.commandName) \(argument.valueName ?? "")")
                if kind == "list" { #expect((completion?.values?.count ?? 0) >= 2) }
                seen += 1
            }
        }
        #expect(seen >= 40)
    }

    @Test func commandsStandInGroups() {
        let help = DPScribe.helpMessage()
        for group in ["BEFORE", "MODELS", "SYNTHETIC TEXT", "RESULTS", "GUARANTEE"] {
            #expect(help.contains(group + " SUBCOMMANDS:"))
        }
        #expect(Finetune.helpMessage(columns: 400).contains("Passes over the corpus; 8 by default"))
    }
}
