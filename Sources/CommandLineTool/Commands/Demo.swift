import ArgumentParser
import Foundation

/// `dpscribe demo`: the whole story on bundled data, by the commands that a user would type.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The whole story on a bundled model and a made-up corpus, in minutes.",
        discussion: """
            Fine-tunes with differential privacy, draws synthetic records and compares them. Every \
            command is printed before it runs; all files stay in --out.

            Example: dpscribe demo
            """
    )

    @Option(
        help: ArgumentHelp("Folder to make; demo-run, demo-run-2, … by default.", valueName: "dir"),
        completion: .directory
    )
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        Interruption.listen()
        let start = ProcessInfo.processInfo.systemUptime
        let folder = out ?? OutputFolder.free(named: "demo-run")
        let files = try DemoFiles(folder: folder)
        let story = DemoStory(files: files, global: global)
        let outcome = try story.tell()
        let seconds = ProcessInfo.processInfo.systemUptime - start
        try global.result.write(
            outcome.json(out: folder, seconds: seconds),
            text: outcome.lines(report: files.path("report"), seconds: seconds)
        )
    }
}
