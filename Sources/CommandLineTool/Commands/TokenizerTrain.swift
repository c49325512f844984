import ArgumentParser
import Corpus
import Foundation

/// `dpscribe tokenizer`.
struct Tokenizer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a vocabulary from public text.",
        subcommands: [TokenizerTrain.self]
    )
}

/// `dpscribe tokenizer train`.
struct TokenizerTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train byte-level BPE on public text.",
        discussion: """
            Example: dpscribe tokenizer train --data public/*.txt --vocab-size 8192 --out models/mine

            The text must be public: the vocabulary is made without any privacy guarantee. Text that \
            was in the private corpus of a run is refused, whatever its order and file format.
            """
    )

    @OptionGroup var input: DataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of tokens, end-of-text included.", valueName: "n")
    )
    var vocabSize: Int

    @Option(
        help: ArgumentHelp("Folder for vocab.json and merges.txt.", valueName: "dir"),
        completion: .directory
    )
    var out: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let sizes = BytePairTrainer.smallestVocabulary...1_000_000
        try ToolError.require("--vocab-size", vocabSize, in: sizes)
        let folder = try OutputFolder(out)
        let paths = try input.paths()
        try PublicCorpusCheck(data: paths, out: out)
            .refusePrivate(paths, textColumn: input.textColumn).forEach(global.progress().warn)
        let tokenizer = try train(paths)
        try folder.make { draft in try tokenizer.save(to: draft.path) }
        try global.result.write(
            ["vocab_size": .integer(tokenizer.vocabularySize), "out": .string(out)],
            text: ["\(tokenizer.vocabularySize) tokens in \(out)"]
        )
    }

    private func train(_ paths: [String]) throws -> BytePairTokenizer {
        let progress = global.progress()
        var trainer = BytePairTrainer(vocabularySize: vocabSize)
        var reader = try CorpusReader(
            paths: paths,
            columns: ColumnSelection(text: input.textColumn)
        )
        var count = 0
        while let outcome = try reader.next() {
            guard case .record(let record) = outcome else { continue }
            trainer.add(record.text)
            count += 1
            progress.show(.init(activity: "reading records", done: count))
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; nothing was written")
            }
        }
        progress.finish()
        guard count > 0 else { throw CorpusError.noUsableRecord(paths: paths) }
        progress.note("merging pairs of \(count) records")
        return trainer.tokenizer()
    }
}
