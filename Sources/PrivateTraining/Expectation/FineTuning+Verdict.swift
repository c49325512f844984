import Corpus
import DifferentialPrivacy
import LanguageModel
import Training

extension FineTuning {
    /// Texts that the model writes.
    private static let verdictTexts = 200
    /// With fewer texts nothing could be told.
    private static let leastVerdictTexts = 40

    /// Lets the finished model judge texts of its own and writes what came out into the run; returns what is
    /// there already.
    ///
    /// It reads no record. It takes seconds, and at most about a fiftieth of what training took: fewer texts of
    /// large models, and none where that would be too few.
    ///
    /// - Parameter shouldStop: Asked every few texts.
    /// - Returns: The verdict; nil without labels, for a run that is not finished, and if it was stopped.
    /// - Throws: `LedgerError`, `CheckpointError`, `CorpusError`, `GenerationError`; the run stands.
    package func verdict(shouldStop: @Sendable () -> Bool) throws -> RunVerdict? {
        let run = description
        guard isFinished, !run.labels.columns.isEmpty else { return nil }
        if let there = RunVerdict.read(from: folder, of: run.runIdentifier, step: state.step) {
            return there
        }
        let count = verdictTextCount
        guard count >= Self.leastVerdictTexts else { return nil }
        let measure = LabelSeparationMeasure(
            tokenizer: try BytePairTokenizer(folder: folder),
            labels: run.labels,
            sequenceLength: settings.sequenceLength,
            textCount: count,
            key: StepKey(
                // Nothing depends on these draws but what is printed.
                secret: .insecure(seed: 0),
                inputs: StepInputs(runIdentifier: run.runIdentifier, label: "verdict")
            ),
            parallel: parallel
        )
        let trained = state.adapters?.merged(into: state.parameters) ?? state.parameters
        guard let own = try measure.columns(of: trained, shouldStop: shouldStop) else { return nil }
        let verdict = RunVerdict(run: run.runIdentifier, step: state.step, columns: own)
        try verdict.write(to: folder)
        return verdict
    }

    /// As many texts as are cheap beside the training, or on any machine.
    private var verdictTextCount: Int {
        let operations = ModelOperations(state.parameters.configuration)
        let rows = settings.sequenceLength - 1
        let schedule = plan.schedule
        let training =
            operations.forwardAndBackward(rows: rows)
            * Double(schedule.steps) * Double(schedule.expectedBatchSize)
        let passes = 1 + LabelSeparationMeasure.mostChoices * description.labels.columns.count
        // A third of forward and backward is the forward pass.
        let text = operations.forwardAndBackward(rows: rows) / 3 * Double(passes)
        return Int(min(Double(Self.verdictTexts), max(2e12, training / 50) / text))
    }
}
