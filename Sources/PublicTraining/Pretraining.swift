import Checkpoints
import Corpus
import Foundation
import Kernels
import LanguageModel
public import Training

/// Trains a model on public text, where there is nothing to protect.
///
/// Windows are drawn without replacement, epoch after epoch, in an order that depends on the epoch's
/// number alone.
public final class Pretraining {
    /// What a finished or interrupted run reports.
    public struct Outcome: Sendable {
        /// Whether the run came to its end; false after an interruption.
        public let isFinished: Bool
        /// Optimizer steps done.
        public let steps: Int
        /// Tokens predicted in training.
        public let tokens: Int
        /// Seconds of training, all stretches together.
        public let seconds: Double
        /// Mean loss on held-out text, nats per token; nil if the text was too short to hold out any.
        public let heldOutLoss: Double?
        /// The same in bits per byte of text, comparable over vocabularies.
        public let heldOutBitsPerByte: Double?
    }

    let request: PretrainingRequest
    let text: PublicText
    let state: TrainingState
    private let step: PublicStep
    let rule: MicroBatchRule
    let writer: CheckpointWriter
    private var clock: TrainingClock
    /// Tokens predicted in training, all stretches together.
    private var tokens: Int
    private(set) var order: WindowOrder

    private static let warmup = 0.03

    /// Reads the text and prepares the model; nothing is written but the output folder.
    public init(_ request: PretrainingRequest) throws {
        let folder = try PretrainingFolder(request)
        let tokenizer = try BytePairTokenizer(folder: request.tokenizerFolder)
        let (parameters, reader, progress) = try folder.start(tokenizer: tokenizer)
        let window = min(
            request.windowLength ?? .max,
            parameters.configuration.contextLength
        )
        self.request = request
        text = try PublicText(
            paths: request.dataPaths,
            column: request.textColumn,
            labelled: request.labelled,
            tokenizer: tokenizer,
            windowLength: window
        )
        state =
            try reader.map { try TrainingState($0, trainable: .all, settings: .pretraining) }
            ?? TrainingState(parameters: parameters, trainable: .all, settings: .pretraining)
        step = PublicStep(state, parallel: ParallelFor(threadCount: request.threads))
        rule = MicroBatchRule(state.parameters.configuration, threads: request.threads)
        writer = try CheckpointWriter(folder: request.outputFolder)
        clock = TrainingClock(secondsBefore: progress.seconds)
        tokens = progress.tokens
        order = WindowOrder(
            count: text.training.count,
            epoch: progress.epoch,
            position: progress.position
        )
        try tokenizer.save(to: request.outputFolder)
    }

    /// Trains until the end, or until `shouldStop`; saves either way.
    public func run(
        shouldStop: @Sendable () -> Bool,
        report: (TrainingProgress) -> Void
    ) throws -> Outcome {
        clock.begin()
        var heldOut: Double?
        while progress < 1, !shouldStop() {
            let factor = LearningRateSchedule.cosine.factor(
                progress: progress,
                warmup: Self.warmup
            )
            descend(learningRate: request.learningRate * factor)
            if clock.isDue(minutes: request.checkpointMinutes) {
                heldOut = heldOutLoss()
                try save()
            }
            report(trainingProgress(heldOut))
        }
        try save()
        return try finish(isFinished: progress >= 1)
    }

    /// One optimizer step over the next windows of the order.
    private func descend(learningRate: Double) {
        var windows: [[Int32]] = []
        var tokens = 0
        while tokens < request.tokensPerStep {
            let window = order.next()
            windows.append(Array(text.training[window]))
            tokens += text.training.predictedCount(window)
        }
        step.run(
            on: stride(from: 0, to: windows.count, by: 64).flatMap { start in
                microBatches(Array(windows[start..<min(start + 64, windows.count)]))
            },
            predictedTokens: tokens,
            learningRate: learningRate
        )
        self.tokens += tokens
    }

    /// A few shards at a time, which bounds the memory.
    private func microBatches(_ windows: [[Int32]]) -> [[TokenBatch]] {
        let shards = rule.shards(of: windows.map { [TokenBatch.Sequence(tokens: $0)] })
        return stride(from: 0, to: shards.count, by: rule.shardCount).map {
            Array(shards[$0..<min($0 + rule.shardCount, shards.count)])
        }
    }
}

extension Pretraining {
    /// The share of the run that is over.
    private var progress: Double {
        switch request.duration {
        case .minutes(let minutes): clock.seconds / (60 * minutes)
        case .epochs(let epochs):
            Double(tokens) / (epochs * Double(text.training.predictedTokens))
        }
    }

    private func trainingProgress(_ heldOut: Double?) -> TrainingProgress {
        let done = progress
        return TrainingProgress(
            step: state.step,
            steps: nil,
            epsilon: .infinity,
            epsilonStep: state.step,
            tokensPerSecond: Double(tokens) / max(clock.seconds, 1e-9),
            secondsLeft: done > 0 ? clock.seconds * (1 - done) / done : .infinity,
            heldOutLoss: heldOut
        )
    }
}

/// What a run saves and reports of itself.
extension Pretraining {
    /// Mean loss in nats per token of the held-out windows; nil if no text is held out.
    func heldOutLoss() -> Double? {
        guard text.heldOut.count > 0 else { return nil }
        let shards = text.heldOutShards(by: rule)
        let counts = shards.flatMap(\.units).map { Double($0.count) }
        let total = zip(step.gradients.losses(shards), counts).reduce(0) { $0 + $1.0 * $1.1 }
        return total / counts.reduce(0, +)
    }

    /// Writes a checkpoint from which the run can be resumed.
    func save() throws {
        let progress = PretrainingProgress(
            seconds: clock.seconds,
            tokens: tokens,
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
            tokens: tokens,
            seconds: clock.seconds,
            heldOutLoss: loss,
            heldOutBitsPerByte: loss.map { $0 * tokensPerByte / log(2) }
        )
    }
}
