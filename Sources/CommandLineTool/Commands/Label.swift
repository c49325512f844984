import ArgumentParser
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LabelProbe

/// `dpscribe label`: labels for any text, by the classifier that a run trained.
struct Label: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Label texts by the label probe of a run or release.",
        discussion: """
            The probe is the classifier that `finetune --label-epsilon` trains with differential \
            privacy. Applying it spends no budget.

              dpscribe label --model checkpoints/mail --data new.csv --out labelled.csv
            """
    )

    @Option(
        help: ArgumentHelp("Run or release with a label probe.", valueName: "dir|run"),
        completion: .directory
    )
    var model: String

    @OptionGroup var data: DataOptions

    @Option(
        help: ArgumentHelp("File to write: .csv or .jsonl.", valueName: "file"),
        completion: .file()
    )
    var out: String

    @Flag(help: "Put an apostrophe before CSV fields that a spreadsheet would run.")
    var spreadsheetSafe = false

    @OptionGroup var global: GlobalOptions

    /// Texts whose vectors are in memory at once.
    private static let batch = 512

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        let source = try OpenedModel(folder: try ModelLocator.current().folder(named: model).path)
        guard let probe = try source.labelProbe() else {
            throw ToolError.badConfiguration(
                "\(model) has no label probe; train one with finetune --label-epsilon"
            )
        }
        let (records, bad) = try CorpusReader.readAll(
            paths: data.paths(),
            columns: ColumnSelection(text: data.textColumn)
        )
        let writer = try SyntheticTextWriter(
            path: out,
            labelColumns: probe.labels.columns,
            formulas: spreadsheetSafe ? .guarded : .verbatim
        )
        try write(records, probe, source.tokenizer, to: writer)
        try Provenance.remove(beside: out)
        try writer.finish()
        try global.result.write(
            [
                "count": .integer(records.count), "dropped": .integer(bad.count),
                "columns": .array(probe.labels.columns.map { .string($0) }), "out": .string(out),
            ],
            text: [
                "labelled \(records.count) texts by \(probe.labels.columns.joined(separator: ", "))"
                    + " in \(out)"
            ]
        )
    }

    private func write(
        _ records: [Record],
        _ probe: LabelProbe,
        _ tokenizer: BytePairTokenizer,
        to writer: SyntheticTextWriter
    ) throws {
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let progress = global.progress()
        defer { progress.finish() }
        for start in stride(from: 0, to: records.count, by: Self.batch) {
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; \(out) was not written")
            }
            let batch = records[start..<min(start + Self.batch, records.count)]
            let posteriors = probe.posteriors(
                of: batch.map { tokenizer.encode($0.text) },
                parallel: parallel
            )
            for (record, posterior) in zip(batch, posteriors) {
                try writer.write(
                    text: record.text,
                    labels: probe.labels.labels(at: posterior.likeliest)
                )
            }
            progress.show(
                .init(activity: "labelling", done: batch.endIndex, total: records.count)
            )
        }
    }
}
