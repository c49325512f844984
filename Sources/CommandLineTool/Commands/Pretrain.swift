import ArgumentParser
import Checkpoints
import Corpus
import Foundation
import LanguageModel
import PrivateTraining
import PublicTraining
import Training

/// `dpscribe pretrain`: a public base model from public text.
struct Pretrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a base model on public text.",
        discussion: """
            The text and all that is learned from it are treated as public. Text that was in the \
            private corpus of a run is refused.

              dpscribe pretrain --data public.jsonl --tokenizer models/my-tokenizer \\
                --config mini --minutes 60 --out models/my-base
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Public text: .txt, .jsonl, .csv, .tsv, also with .gz; - for standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var data: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Public records with labels, laid out as finetune lays out private ones.",
            valueName: "file"
        ),
        completion: .file()
    )
    var labelledData: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The columns of --labelled-data that hold labels.", valueName: "names")
    )
    var labelColumns: [String] = []

    @OptionGroup var streams: StreamOptions

    @Option(
        help: ArgumentHelp("Folder with vocabulary and merges.", valueName: "dir"),
        completion: .directory
    )
    var tokenizer: String?

    @Option(
        help: ArgumentHelp("Model to start from instead of random weights.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    @Option(help: ArgumentHelp("Column of the text.", valueName: "name"))
    var textColumn = "text"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes to train, all resumed stretches together.", valueName: "m")
    )
    var minutes: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Passes over the text, instead of --minutes.", valueName: "e")
    )
    var epochs: Double?

    @Option(help: ArgumentHelp("Peak learning rate.", valueName: "lr"))
    var learningRate = 2e-3

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens an optimizer step predicts.", valueName: "n")
    )
    var tokensPerStep = 8_192

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Longest training window, in tokens.", valueName: "t")
    )
    var sequenceLength: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes between checkpoints.", valueName: "m")
    )
    var checkpointEvery = 10.0

    @Option(help: ArgumentHelp("Model folder to write.", valueName: "dir"), completion: .directory)
    var out: String

    @Flag(help: "Continue the run in --out.")
    var resume = false

    @OptionGroup var shape: ShapeOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        Interruption.listen()
        let paths = try streams.opened(ListArgument.paths(data))
        let labelled = try labelledText()
        let allPaths = paths + (labelled?.paths ?? [])
        let progress = global.progress()
        try PublicCorpusCheck(data: allPaths, out: out)
            .refusePrivate(allPaths, textColumn: textColumn).forEach(progress.warn)
        var request = PretrainingRequest(
            dataPaths: paths,
            configuration: try modelShape(),
            tokenizerFolder: try tokenizerFolder(),
            modelFolder: model,
            duration: try duration(),
            outputFolder: out,
            threads: try global.threadCount()
        )
        request.labelled = labelled
        request.textColumn = textColumn
        request.resumes = resume
        request.learningRate = learningRate
        request.tokensPerStep = tokensPerStep
        request.windowLength = sequenceLength
        request.checkpointMinutes = checkpointEvery
        let outcome = try Pretraining(request).run(shouldStop: { Interruption.isRequested }) {
            progress.show(report($0))
        }
        // A finished model is for others, too: where its text lay is not.
        if outcome.isFinished {
            ResumableCommand.remove(from: out)
        } else {
            try? ResumableCommand.ofThisProcess()?.save(to: out)
        }
        progress.finish()
        try global.result.write(json(outcome), text: lines(outcome))
        if !outcome.isFinished {
            throw ToolError.interrupted(
                "stopped; continue with: " + ResumableCommand.line("pretrain", run: out)
            )
        }
    }

    private func labelledText() throws -> LabelledText? {
        let labelled = LabelledText(
            paths: try streams.opened(ListArgument.paths(labelledData)),
            columns: ListArgument.names(labelColumns)
        )
        guard labelled.paths.isEmpty == labelled.columns.isEmpty else {
            throw ToolError.usage("--labelled-data and --label-columns need each other")
        }
        return labelled.paths.isEmpty ? nil : labelled
    }

    private func modelShape() throws -> DecoderConfiguration? {
        try shape.shape.map(ModelShape.configuration(named:))
    }

    private func tokenizerFolder() throws -> String {
        if let tokenizer { return tokenizer }
        if let model { return model }
        if resume { return out }
        throw ToolError.badConfiguration("pass --tokenizer, or --model to use that model's")
    }

    private func duration() throws -> PretrainingRequest.Duration {
        switch (minutes, epochs) {
        case (let minutes?, nil) where minutes > 0: return .minutes(minutes)
        case (nil, let epochs?) where epochs > 0: return .epochs(epochs)
        case (nil, nil): return .epochs(1)
        default: throw ToolError.badConfiguration("pass --minutes or --epochs, above 0, not both")
        }
    }

    private func report(_ progress: TrainingProgress) -> ConsoleProgress.Report {
        let loss = progress.heldOutLoss.map { String(format: ", held-out loss %.3f", $0) } ?? ""
        return ConsoleProgress.Report(
            activity: "pre-training",
            done: progress.step,
            total: nil,
            epsilon: nil,
            speed: String(format: "%.0f tokens/s", progress.tokensPerSecond) + loss,
            secondsLeft: progress.secondsLeft
        )
    }

    private func json(_ outcome: Pretraining.Outcome) -> JSONValue {
        [
            "steps": .integer(outcome.steps),
            "tokens": .integer(outcome.tokens),
            "seconds": .number(outcome.seconds),
            "tokens_per_second": .number(Double(outcome.tokens) / outcome.seconds),
            "held_out_loss": outcome.heldOutLoss.map(JSONValue.number) ?? .null,
            "held_out_bits_per_byte": outcome.heldOutBitsPerByte.map(JSONValue.number) ?? .null,
            "out": .string(out),
        ]
    }

    private func lines(_ outcome: Pretraining.Outcome) -> [String] {
        [
            "\(outcome.steps) steps, \(outcome.tokens) tokens in "
                + ConsoleText.duration(outcome.seconds),
            Self.heldOutLine(outcome),
            "wrote \(out)",
        ]
    }

    private static func heldOutLine(_ outcome: Pretraining.Outcome) -> String {
        guard let loss = outcome.heldOutLoss, let bits = outcome.heldOutBitsPerByte else {
            return "no held-out loss: the text has too few documents to hold one out"
        }
        let figures = String(format: "%.4f nats per token, %.4f bits per byte", loss, bits)
        return "held-out loss " + figures
    }
}
