import ArgumentParser
import Foundation
import Kernels
import PrivateTraining
import Training

/// The command `dpscribe`; each subcommand is a file of `Commands/`.
@main
struct DPScribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dpscribe",
        abstract: "Synthetic text from a language model fine-tuned with differential privacy.",
        discussion: """
            dpscribe fine-tunes a small GPT-2 on private records with DP-SGD up to a privacy budget \
            (epsilon, delta), draws synthetic records from it, and measures how useful they are.

            Results go to standard output, progress to standard error.
            """,
        version: ProductVersion.current,
        subcommands: [Demo.self],
        groupedSubcommands: [
            CommandGroup(name: "Before", subcommands: [Lint.self, Plan.self, Privacy.self]),
            CommandGroup(
                name: "Models",
                subcommands: [Tokenizer.self, Pretrain.self, ImportModel.self, ExportModel.self]
            ),
            CommandGroup(
                name: "Synthetic text",
                subcommands: [
                    Finetune.self, Sample.self, Label.self, Serve.self, Evolve.self, Fewshot.self,
                ]
            ),
            CommandGroup(name: "Results", subcommands: [Compare.self, Status.self, Inspect.self]),
            CommandGroup(name: "Guarantee", subcommands: [Release.self, Verify.self, Audit.self]),
            CommandGroup(name: "This machine", subcommands: [Bench.self]),
        ]
    )

    /// Parses the arguments, runs the command and ends the process with a status of `CommandStatus`.
    static func main() {
        ProcessHardening.reportFailedWrites()
        MemoryExhaustion.report()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try requireKnownInstructionSet(ProcessInfo.processInfo.environment)
            let expanded = try ConfigurationFile.expanding(arguments)
            do {
                var command = try parseAsRoot(try ResumableCommand.expanding(expanded.arguments))
                try command.run()
            } catch  where exitCode(for: error) == .validationFailure {
                expanded.note.map(ConsoleText.writeError)
                if let complaint = NearName.complaint(about: expanded.arguments) {
                    ConsoleText.writeError("Error: \(complaint)\nSee 'dpscribe --help'.")
                    _exit(CommandStatus.usage.rawValue)
                }
                throw error
            }
        } catch {
            end(with: error)
        }
    }

    /// Refuses a name in the environment that no instruction set has, before it would be ignored.
    static func requireKnownInstructionSet(_ environment: [String: String]) throws {
        guard let name = environment[InstructionSet.variable],
            InstructionSet(rawValue: name) == nil
        else { return }
        let known = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
        throw ToolError.badConfiguration(
            "\(InstructionSet.variable) is \(name.debugDescription); it can be \(known)"
        )
    }

    /// Prints what went wrong and ends the process.
    private static func end(with error: any Error) -> Never {
        guard exitCode(for: error) == .failure else { exit(withError: error) }
        let report = ErrorReport(error)
        ConsoleText.writeError("dpscribe: \(report.message)")
        // Not exit(): work that was let go of, such as a request, may still use what it would take down.
        _exit(report.status.rawValue)
    }
}
