import ArgumentParser
import Foundation

/// Feeds damaged files to one parser until the time is over.
///
/// Every input is written to the scratch folder before it is parsed: after a crash, a failed
/// precondition or a hang, the file that caused it is still there and its name is on standard error.
/// An input with a new outcome joins those that are damaged further, and with --keep the corpus.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Mutation fuzzer of the file parsers."
    )

    @Argument(help: "safetensors, index, hdf5, tokenizer, vocabulary, csv, jsonl or txt.")
    var parser: String

    @Option(help: "Seconds to go on after the corpus; 0 runs the corpus alone.")
    var seconds = 20.0

    @Option(help: "Chooses the damage.")
    var seed: UInt64 = 1

    @Option(help: "Folders with files to start from; all are parsed first.")
    var corpus: [String] = []

    @Option(help: "Folder that gets one file for each new outcome.")
    var keep: String?

    @Option(help: "Folder for the file that is being parsed.")
    var scratch: String

    func run() throws {
        guard let target = Self.target(named: parser) else {
            throw ValidationError("\(parser) is none of the parsers")
        }
        try FileManager.default.createDirectory(
            atPath: scratch,
            withIntermediateDirectories: true
        )
        var session = FuzzSession(target: target, scratch: scratch, keep: keep)
        var files = try target.seeds()
        for folder in corpus { files += try Self.files(in: folder) }
        for file in files { try session.run(file, joins: true) }
        let kept = session.runs
        var mutator = Mutator(
            dictionary: target.dictionary,
            sizeLimit: 1 << 16,
            seed: seed
        )
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while ProcessInfo.processInfo.systemUptime < end {
            for _ in 0..<50 {
                let first = session.pool[mutator.number(below: session.pool.count)]
                let other = session.pool[mutator.number(below: session.pool.count)]
                var bytes = mutator.mutated(first, other: other)
                if mutator.number(below: 4) > 0 { bytes = target.repaired(bytes) }
                try session.run(bytes, joins: false)
            }
        }
        print(
            "\(parser): \(kept) files of the corpus and \(session.runs - kept) mutants parsed, "
                + "\(session.accepted) accepted, \(session.outcomes.count) outcomes, slowest "
                + "\(Int((session.slowest * 1000).rounded(.up))) ms"
        )
    }

    private static func target(named name: String) -> (any FuzzTarget)? {
        switch name {
        case "safetensors": SafetensorsTarget()
        case "index": IndexTarget()
        case "hdf5": HDF5Target()
        case "tokenizer": TokenizerTarget(isPair: false)
        case "vocabulary": TokenizerTarget(isPair: true)
        case "csv", "jsonl", "txt": RecordsTarget(format: name)
        default: nil
        }
    }

    private static func files(in folder: String) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { !$0.hasPrefix(".") }
            .map { [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + $0))) }
    }
}
