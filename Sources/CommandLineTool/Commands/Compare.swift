public import ArgumentParser
import Corpus
public import Evaluation
import Foundation
import Kernels
import Messages
import PrivateTraining
import Training

extension ComparisonInputs.Metrics: ExpressibleByArgument {}

/// `dpscribe compare`.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure synthetic text against real text.",
        discussion: """
            Example: dpscribe compare --real-test test.csv --synthetic dp=synthetic.csv \
            --synthetic pe=pe-result --label-columns topic --out report

            A PATH is a .csv, .tsv, .jsonl or .txt file, with .gz or not, - for standard input, or a result folder of aug-pe or the Private \
            Evolution library. FILE.privacy.json beside FILE states its guarantee; --claims states \
            those of other tools' text. --sweep FILE draws curves: from a list of {name, epsilon, delta, \
            path}, or from runs that it makes first, where the file says how to finetune and evolve; texts \
            of one name at one epsilon are runs of one method, ranked by their mean. The report \
            depends on the real test text: it is internal, not differentially private.
            """
    )

    @Option(
        help: ArgumentHelp("Real records that nothing was trained on.", valueName: "file"),
        completion: .file()
    )
    var realTest: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Synthetic text and its name in the report.", valueName: "name=path"),
        completion: .file()
    )
    var synthetic: [String] = []

    @Option(
        help: ArgumentHelp(
            "YAML or JSON file with the guarantee of each NAME: epsilon, delta, unit, relation.",
            valueName: "file"
        ),
        completion: .file()
    )
    var claims: String?

    @Option(
        help: ArgumentHelp(
            "YAML or JSON file of texts, or of runs to make, at several epsilons.",
            valueName: "file"
        ),
        completion: .file()
    )
    var sweep: String?

    @Option(
        help: ArgumentHelp("Real training records, for the row real.", valueName: "file"),
        completion: .file()
    )
    var realTrain: String?

    @Option(help: ArgumentHelp("The column that holds the text.", valueName: "name"))
    var textColumn = "text"

    @OptionGroup var streams: StreamOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The columns a classifier is trained to predict; empty (\"\") for texts without labels.",
            valueName: "names"
        )
    )
    var labelColumns: [String]

    @Option(
        help: ArgumentHelp("JSON file with the values of each label column.", valueName: "file"),
        completion: .file()
    )
    var labelValues: String?

    @Option(
        help: ArgumentHelp(
            "fast, or full with self-BLEU, overlap and models trained on each row.",
            valueName: "set"
        ),
        completion: .list(["fast", "full"])
    )
    var metrics: ComparisonInputs.Metrics = .fast

    @Option(
        help: ArgumentHelp(
            "Base model for the row untuned-base and for embeddings; the bundled one by default.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Sentence encoder or model to embed with; the base model by default.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var embedding: String?

    @Option(
        help: ArgumentHelp(
            "JSON list of {text, fillers}: planted texts to rank, with --metrics full.",
            valueName: "file"
        ),
        completion: .file()
    )
    var canaries: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Repetitions of every classifier.", valueName: "n")
    )
    var seeds = 3

    @Option(
        help: ArgumentHelp("Folder for report.md, report.html, numbers.json.", valueName: "dir"),
        completion: .directory
    )
    var out: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        let folder = try OutputFolder(out)
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let progress = global.progress()
        let baseFolder = try baseFolder()
        var inputs = try inputs(progress)
        let base = try baseFolder.map { try OpenedModel(folder: $0) }
        if base == nil {
            progress.note(
                "no base model was found: no row untuned-base, and a projection of word counts for an "
                    + "embedding; name one with --model"
            )
        }
        inputs.untunedBase = try base.flatMap { try untunedBase($0, inputs, parallel, progress) }
        inputs.provenance = provenance(base)
        inputs.embedder =
            try embedding.map { try EmbeddingFolder.embedder($0, parallel) }
            ?? base?.embedder(parallel)
        inputs.model = base?.measuringModel
        let comparison = try Comparison(inputs: inputs, parallel: parallel)
        let report = try comparison.run { step in
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; nothing was written")
            }
            progress.show(.init(activity: step.activity, done: step.finished, total: step.total))
        }
        progress.finish()
        if let warning = report.context.testTextsInTraining?.warning { progress.note(warning) }
        try folder.make { draft in try write(report, into: draft) }
        try global.result.write(try json(report), text: text(report))
    }

    /// The base model's folder; nil without one, unless one was named.
    ///
    /// Its texts stand in the report as what costs nothing, so it must be a public one.
    private func baseFolder() throws -> String? {
        let folder = try ModelLocator.current().folderIfAny(named: model)?.path
        if let folder { try PublicBase.require(folder, as: .model) }
        return folder
    }

    /// Text of the base model; nil without synthetic text to compare with.
    private func untunedBase(
        _ model: OpenedModel,
        _ inputs: ComparisonInputs,
        _ parallel: ParallelFor,
        _ progress: ConsoleProgress
    ) throws -> TextSet? {
        guard let count = inputs.synthetic.map(\.set.texts.count).max() else { return nil }
        let base = UntunedBase(
            model: model,
            labelColumns: inputs.labelColumns,
            parallel: parallel
        )
        return try base.texts(count: count, labelledAs: inputs.realTest) { done, total in
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; nothing was written")
            }
            progress.show(.init(activity: "text of the base model", done: done, total: total))
        }
    }

    /// Where the report's numbers come from.
    private func provenance(_ base: OpenedModel?) -> [String] {
        func name(_ path: String) -> String {
            path == StandardInput.name ? "standard input" : URL(filePath: path).lastPathComponent
        }
        let train = realTrain.map { ", with \(name($0)) for the row real" } ?? ""
        return [
            "Made by dpscribe \(ProductVersion.current) from \(name(realTest)), the real test "
                + "texts\(train)."
        ] + (base.map { [UntunedBase.settings(model: $0.name)] } ?? [])
    }

    private func inputs(_ progress: ConsoleProgress) throws -> ComparisonInputs {
        try ToolError.require("--seeds", seeds, in: 1...1_000)
        let columns = ListArgument.names(labelColumns)
        let selection = ColumnSelection(text: textColumn, labels: columns)
        try selection.requireOnePurposeEach()
        let texts = ComparisonTexts(columns: selection)
        // Read before a sweep that may take hours.
        let real = (
            test: try texts.real(streams.opened(realTest)),
            train: try realTrain.map { try texts.real(streams.opened($0)) }
        )
        let compared = try ComparedText.all(synthetic: synthetic, claims: claims, sweep: sweep) {
            try SweepRunner(sweep: $0, say: progress.note).texts()
        }
        var inputs = ComparisonInputs(
            realTest: real.test,
            realTrain: real.train,
            synthetic: try compared.map { text in
                try texts.synthetic(text, at: streams.opened(text.path))
            },
            labelColumns: columns
        )
        if let labelValues {
            let set = try LabelSet(file: labelValues, columns: columns)
            inputs.labelValues = Dictionary(
                zip(set.columns, set.values),
                uniquingKeysWith: { first, _ in first }
            )
        }
        inputs.metrics = metrics
        inputs.canaries = try canaries.map(CanaryFile.read) ?? []
        inputs.progress = LedgerProgress.all(of: compared)
        inputs.seeds = (1...UInt64(seeds)).map { $0 }
        return inputs
    }

    private func write(_ report: ComparisonReport, into folder: URL) throws {
        try Data(report.markdown().utf8).write(to: folder.appending(path: "report.md"))
        try Data(report.html().utf8).write(to: folder.appending(path: "report.html"))
        try report.numbersJSON().write(to: folder.appending(path: "numbers.json"))
    }

    private func json(_ report: ComparisonReport) throws -> JSONValue {
        let rows = try report.rows.map { row -> JSONValue in
            ["name": .string(row.name), "metrics": try JSONValue(encoding: row.metrics)]
        }
        return [
            "rows": .array(rows), "report": .string(out + "/report.md"),
            "verdicts": try JSONValue(encoding: report.verdicts),
        ]
    }

    private func text(_ report: ComparisonReport) -> [String] {
        ComparisonTable(
            rows: report.rows,
            labelColumns: ListArgument.names(labelColumns),
            groups: report.groups
        ).lines + ComparisonTable.verdictLines(report.verdicts) + [
            "internal: these numbers depend on real texts and are not differentially private",
            "wrote \(out)/report.md, report.html, numbers.json",
        ]
    }
}
