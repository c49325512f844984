import ArgumentParser
import Corpus
import Foundation
import LanguageModel
import PrivateTraining

/// `dpscribe lint`.
struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at a private corpus before training on it.",
        discussion: """
            Example: dpscribe lint --data mail.csv --label-columns topic --user-column customer

            What it prints is computed on private records without noise: it is for you, not for \
            publication. It quotes no record.
            """
    )

    @OptionGroup var input: DataOptions
    @OptionGroup var columns: ColumnOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens that training keeps of a record.", valueName: "t")
    )
    var sequenceLength = 64

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Say what to expect of a training to this epsilon; 1 and 8 by default.",
            valueName: "e"
        )
    )
    var epsilon: Double?

    @Option(
        help: ArgumentHelp(
            "Write the label values found as a file for --label-values; read it before you use it.",
            valueName: "file"
        ),
        completion: .file()
    )
    var writeLabelValues: String?

    @Option(
        help: ArgumentHelp("Model whose tokenizer counts the tokens.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        guard writeLabelValues == nil || !columns.labels.isEmpty else {
            throw ToolError.usage("--write-label-values needs --label-columns")
        }
        guard epsilon.map({ $0 > 0 }) ?? true else {
            throw ToolError.badConfiguration("--epsilon must be above 0")
        }
        let paths = try input.paths()
        var reader = try CorpusReader(
            paths: paths,
            columns: try columns.selection(textColumn: input.textColumn)
        )
        let folder = try modelFolder()
        var lint = CorpusLint(
            labelColumns: columns.labels,
            encoder: try encoder(folder),
            largestLength: folder.flatMap(Self.contextLength)
        )
        let known = try columns.labelValues.map {
            try LabelSet(file: $0, columns: columns.labels)
        }
        var outside = 0
        while let outcome = try reader.next() {
            lint.add(outcome)
            if case .record(let record) = outcome, let known,
                known.indices(of: record.labels) == nil
            {
                outside += 1
            }
            if Interruption.isRequested { throw ToolError.interrupted("stopped") }
        }
        let report = lint.report
        let findings = LintFindings(
            report: report,
            outsideLabelSet: known == nil ? nil : outside,
            expectations: expectations(report)
        )
        try global.result.write(findings.json, text: findings.lines)
        if let writeLabelValues, report.recordCount > 0 {
            try lint.labelSet().write(to: writeLabelValues)
            global.progress().note(
                "wrote \(writeLabelValues): whatever is in it becomes public with a run that uses it"
            )
        }
        guard report.recordCount > 0 else {
            throw ToolError.unusableData(
                "\(paths.joined(separator: ", ")): no usable record, for the reasons above."
            )
        }
    }

    /// What texts of a training on these records can be expected to teach; none without labels.
    private func expectations(_ report: CorpusLintReport) -> [ExpectationText] {
        guard report.recordCount > 0, !report.labels.isEmpty else { return [] }
        return (epsilon.map { [$0] } ?? [1, 8]).map { epsilon in
            ExpectationText(
                report.labels.map { ($0.name, $0.valueCount) },
                Expectation.Outline(
                    unitCount: report.userCount > 0 ? report.userCount : report.recordCount,
                    epsilon: epsilon,
                    base: ModelLocator.current().bundledName(of: model),
                    valueCount: 1,
                    meanTokens: report.lengths?.mean
                )
            )
        }
    }

    /// Counts tokens if there is a model at hand; truncation is left out otherwise.
    private func encoder(_ folder: URL?) throws -> ExampleEncoder? {
        guard sequenceLength >= 2 else {
            throw ToolError.badConfiguration(
                "--sequence-length is \(sequenceLength); it must be at least 2"
            )
        }
        return try folder.map {
            ExampleEncoder(
                tokenizer: try BytePairTokenizer(folder: $0.path),
                sequenceLength: sequenceLength
            )
        }
    }

    private func modelFolder() throws -> URL? {
        let locator = ModelLocator.current()
        return model == nil ? try? locator.folder(named: nil) : try locator.folder(named: model)
    }

    /// How many tokens the model in that folder reads, if it says so.
    private static func contextLength(_ folder: URL) -> Int? {
        let bytes = FileManager.default.contents(atPath: folder.path + "/config.json")
        return bytes.flatMap { try? DecoderConfiguration(huggingFaceJSON: Array($0)).contextLength }
    }
}
