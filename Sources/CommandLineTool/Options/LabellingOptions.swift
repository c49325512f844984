import ArgumentParser
import Kernels
import LabelProbe

extension ProbedDrawing.Rule: ExpressibleByArgument {}

/// The options of `sample` that say who labels its texts, where the run has a label probe.
struct LabellingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who labels a text: the run's probe, a draw from its posterior, or its control code.",
            valueName: "probe|posterior|code"
        )
    )
    var labelBy: ProbedDrawing.Rule?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Texts to draw for each that is written, for the probe.", valueName: "k")
    )
    var oversample = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Share of a label's texts, the least sure, that the probe drops.",
            valueName: "share"
        )
    )
    var dropUnsure = 0.0

    func validateNumbers() throws {
        guard (1...1_000).contains(oversample) else {
            throw ToolError.badConfiguration(
                "--oversample is \(oversample); it must be between 1 and 1000"
            )
        }
        guard dropUnsure >= 0, dropUnsure < 1 else {
            throw ToolError.badConfiguration(
                "--drop-unsure is \(dropUnsure); it must be at least 0 and below 1"
            )
        }
    }

    /// The probe that labels; nil where control codes do.
    ///
    /// - Throws: `ToolError.usage` for options that need a probe where there is none.
    func probe(of model: OpenedModel) throws -> LabelProbe? {
        guard labelBy != .code else { return nil }
        if let probe = try model.labelProbe() { return probe }
        guard labelBy == nil, oversample == 1, dropUnsure == 0 else {
            throw ToolError.usage(
                "this model has no label probe: leave out --label-by, --oversample and --drop-unsure, or"
                    + " train one with finetune --label-epsilon"
            )
        }
        return nil
    }

    /// Drawing with the probe.
    func drawing(
        _ drawing: TextDrawing,
        by probe: LabelProbe,
        _ parallel: ParallelFor
    ) -> ProbedDrawing {
        ProbedDrawing(
            drawing: drawing,
            probe: probe,
            rule: labelBy ?? .probe,
            oversample: oversample,
            dropped: dropUnsure,
            parallel: parallel
        )
    }

    /// What a user should know of how labels came about.
    func notes(_ outcome: ProbedDrawing.Outcome) -> [String] {
        let drawn = "labelled by the run's probe; \(outcome.drawn) texts drawn"
        guard outcome.secondChoices > 0 else { return [drawn] }
        return [
            drawn
                + ", too few of some labels: \(outcome.secondChoices) stand for a label that the probe"
                + " finds less likely than another"
        ]
    }
}
