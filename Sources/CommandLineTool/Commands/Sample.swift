import ArgumentParser
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import PrivateTraining

/// `dpscribe sample`.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw synthetic records from a model or run.",
        discussion: """
            Example: dpscribe sample --model checkpoints/mail --count 1000 --labels topic=billing \
            --out synthetic.csv

            Drawing spends no budget. The label mix is yours to state with --label-distribution: by \
            default every combination of label values is drawn equally often, and a classifier that learns \
            from the texts learns that mix. Where the run has a label probe, that says what \
            label a text is written with, and drawing goes on until each label has its share.
            """
    )

    @Option(
        help: ArgumentHelp("Model or run; the bundled one by default.", valueName: "dir|run"),
        completion: .directory
    )
    var model: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Records to write.", valueName: "n"))
    var count: Int

    @Option(
        help: ArgumentHelp(
            "File to write: .csv, .tsv, .jsonl or .txt, also with .gz; - for standard output.",
            valueName: "file"
        ),
        completion: .file()
    )
    var out: String

    @OptionGroup var streams: StreamOptions

    @Option(help: ArgumentHelp("Labels of every record: 'a=x,b=y'.", valueName: "labels"))
    var labels: String?

    @Option(
        help: ArgumentHelp("JSON or CSV file with a weight for each label.", valueName: "file"),
        completion: .file()
    )
    var labelDistribution: String?

    @Option(
        help: ArgumentHelp("Text to continue; only the continuation is written.", valueName: "p")
    )
    var prompt: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("0 takes the likeliest token.", valueName: "t")
    )
    var temperature: Float = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw from the k likeliest tokens; 0 for all.", valueName: "k")
    )
    var topK = 50

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw from the likeliest tokens up to this mass.", valueName: "p")
    )
    var topP: Float = 0.9

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens of a text at most.", valueName: "n")
    )
    var maxNewTokens = 128

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Makes the texts reproducible.", valueName: "s")
    )
    var seed: UInt64?

    @OptionGroup(title: "Labels") var labelling: LabellingOptions

    @Flag(help: "Put an apostrophe before CSV fields that a spreadsheet would run.")
    var spreadsheetSafe = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try validateNumbers()
        try labelling.validateNumbers()
        Interruption.listen()
        let folder = try ModelLocator.current().folder(named: model).path
        let source = try OpenedModel(folder: folder)
        let unfinished = UnfinishedRunText(source.provenance)
        if let unfinished { global.progress().warn(unfinished.line) }
        let labelSet = try RunLabels.labelSet(in: folder)
        let tokenizer = source.tokenizer
        let drawing = TextDrawing(
            tokenizer: tokenizer,
            labelSet: labelSet,
            prompt: prompt,
            options: SamplingOptions(
                temperature: temperature,
                topK: topK,
                topP: topP,
                maximumNewTokens: maxNewTokens,
                endOfText: tokenizer.endOfText,
                otherEndings: tokenizer.otherEndings,
                vocabularySize: tokenizer.vocabularySize
            ),
            secret: seed.map { .insecure(seed: $0) } ?? .fromSystem()
        )
        let mixture = try mixture(labelSet)
        if let labelSet, labels == nil, labelDistribution == nil {
            global.progress().note(UniformLabelsText(labelSet, run: folder).line)
        }
        let rows = try drawing.rows(of: mixture, count: count)
        let contextLength = source.parameters.configuration.contextLength
        try drawing.requireRoom(for: rows, contextLength: contextLength)
        let probe = try labelling.probe(of: source)
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let writer = try SyntheticTextWriter(
            path: out,
            labelColumns: labelSet?.columns ?? [],
            formulas: spreadsheetSafe ? .guarded : .verbatim,
            outputFormat: try streams.output()
        )
        let generator = TextGenerator(
            source.parameters,
            textCount: probe == nil ? count : count * labelling.oversample,
            parallel: parallel
        )
        let start = ProcessInfo.processInfo.systemUptime
        let tokens: Int
        var notes: [String] = []
        if let probe, let mixture {
            let outcome = try draw(
                labelling.drawing(drawing, by: probe, parallel),
                mixture,
                generator,
                since: start
            )
            for row in outcome.rows { try writer.write(text: row.text, labels: row.labels) }
            tokens = outcome.tokens
            notes = labelling.notes(outcome)
        } else {
            tokens = try draw(rows, drawing, generator, writer, since: start)
        }
        try finish(writer, provenance: source.provenance)
        let seconds = max(ProcessInfo.processInfo.systemUptime - start, 1e-9)
        var result = global.result
        result.isOnErrors = out == StandardInput.name
        try result.write(
            .object(
                [
                    .init(key: "count", value: .integer(count)),
                    .init(key: "tokens", value: .integer(tokens)),
                    .init(key: "tokens_per_second", value: .number(Double(tokens) / seconds)),
                    .init(key: "out", value: .string(out)),
                ] + labelMixMember(labelSet) + (unfinished?.members ?? [])
            ),
            text: [
                "wrote \(count) records to \(out) "
                    + "(\(ConsoleText.rate(Double(tokens) / seconds)) tokens/s)"
            ] + notes
        )
    }

    /// Whether the mix of labels was stated; nothing without label columns.
    private func labelMixMember(_ labelSet: LabelSet?) -> [JSONValue.Member] {
        guard labelSet != nil else { return [] }
        let isStated = labels != nil || labelDistribution != nil
        return [.init(key: "label_mix", value: .string(isStated ? "stated" : "uniform"))]
    }

    /// Puts the file in its place, and what it guarantees beside it; standard output has no beside.
    private func finish(_ writer: SyntheticTextWriter, provenance: Provenance?) throws {
        guard out != StandardInput.name else {
            try writer.finish()
            if provenance != nil {
                global.progress().note(
                    "standard output carries no statement of the guarantee; --out FILE writes one"
                )
            }
            return
        }
        try Provenance.remove(beside: out)
        try writer.finish()
        try provenance?.write(beside: out)
    }

    private func draw(
        _ rows: [[String]],
        _ drawing: TextDrawing,
        _ generator: TextGenerator,
        _ writer: SyntheticTextWriter,
        since start: Double
    ) throws -> Int {
        let progress = global.progress()
        defer { progress.finish() }
        return try drawing.draw(rows, with: generator) { place, tokens, text, labels in
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; \(out) was not written")
            }
            try writer.write(text: text, labels: labels)
            let seconds = max(ProcessInfo.processInfo.systemUptime - start, 1e-9)
            progress.show(
                .init(
                    activity: "sampling",
                    done: place + 1,
                    total: rows.count,
                    speed: ConsoleText.rate(Double(tokens) / seconds) + " tokens/s",
                    secondsLeft: seconds / Double(place + 1) * Double(rows.count - place - 1)
                )
            )
        }
    }

    private func draw(
        _ drawing: ProbedDrawing,
        _ mixture: LabelMixture,
        _ generator: TextGenerator,
        since start: Double
    ) throws -> ProbedDrawing.Outcome {
        let progress = global.progress()
        defer { progress.finish() }
        return try drawing.rows(of: mixture, count: count, with: generator) { drawn in
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; \(out) was not written")
            }
            progress.show(
                .init(activity: "sampling", done: drawn, total: count * drawing.oversample)
            )
        }
    }

    private func mixture(_ labelSet: LabelSet?) throws -> LabelMixture? {
        guard labels == nil || labelDistribution == nil else {
            throw ToolError.usage("pass --labels or --label-distribution, not both")
        }
        guard let labelSet else {
            guard labels == nil, labelDistribution == nil else {
                throw ToolError.usage(
                    "this model has no label columns; leave out --labels and --label-distribution"
                )
            }
            return nil
        }
        if let labels { return try LabelMixture(labels: labels, labelSet: labelSet) }
        if let labelDistribution {
            return try LabelMixture(file: labelDistribution, labelSet: labelSet)
        }
        return try .uniform(labelSet)
    }

    private func validateNumbers() throws {
        let problems: [(Bool, String)] = [
            (count >= 1, "--count is \(count); it must be at least 1"),
            (
                temperature >= 0 && temperature.isFinite,
                "--temperature is \(temperature); it must be at least 0"
            ),
            (topK >= 0, "--top-k is \(topK); it must be at least 0"),
            (topP > 0 && topP <= 1, "--top-p is \(topP); it must be above 0 and at most 1"),
            (maxNewTokens >= 1, "--max-new-tokens is \(maxNewTokens); it must be at least 1"),
        ]
        if let problem = problems.first(where: { !$0.0 }) {
            throw ToolError.badConfiguration(problem.1)
        }
    }
}
