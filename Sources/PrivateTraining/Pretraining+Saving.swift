import Checkpoints
import Corpus
import Foundation
import LanguageModel

/// What a run saves and reports of itself.
extension Pretraining {
    /// Mean loss in nats per token of the held-out windows; nil if no text is held out.
    func heldOutLoss() -> Double? {
        guard text.heldOut.count > 0 else { return nil }
        let shards = text.heldOutShards(by: rule)
        let counts = shards.flatMap(\.units).map { Double($0.count) }
        let total = zip(gradients.losses(shards), counts).reduce(0) { $0 + $1.0 * $1.1 }
        return total / counts.reduce(0, +)
    }

    /// Writes a checkpoint from which the run can be resumed.
    func save() throws {
        let progress = PretrainingProgress(
            seconds: clock.seconds,
            tokens: clock.tokens,
            epoch: order.epoch,
            position: order.position
        )
        let header = CheckpointHeader(
            step: state.step,
            configuration: state.parameters.configuration,
            state: try progress.json(),
            productVersion: ProductVersion.current
        )
        _ = try writer.write(header, state.sections)
    }

    /// Writes the model and measures it.
    func finish(isFinished: Bool) throws -> Outcome {
        let loss = heldOutLoss()
        let tokenizer = try BytePairTokenizer(folder: request.outputFolder)
        try ModelFolder.write(
            state.parameters,
            to: request.outputFolder,
            as: .safetensors,
            endOfText: tokenizer.endOfText,
            beginningOfText: tokenizer.beginningOfText,
            productVersion: ProductVersion.current
        )
        let tokensPerByte = Double(text.heldOut.predictedTokens) / Double(max(text.heldOutBytes, 1))
        return Outcome(
            isFinished: isFinished,
            steps: state.step,
            tokens: clock.tokens,
            seconds: clock.seconds,
            heldOutLoss: loss,
            heldOutBitsPerByte: loss.map { $0 * tokensPerByte / log(2) }
        )
    }
}
