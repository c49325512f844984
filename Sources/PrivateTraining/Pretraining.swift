import Autograd
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel

/// Trains a model on public text: the same steps as private training, with nothing to protect.
///
/// Its plan says so: no clipping, no noise, ε = ∞. Windows are drawn without replacement, epoch
/// after epoch, in an order that depends on the epoch's number alone.
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
    let gradients: GPT2GradientPass
    let rule: MicroBatchRule
    private let parallel: ParallelFor
    private let plan: PrivacyPlan
    let writer: CheckpointWriter
    private(set) var clock: PretrainingClock
    private(set) var order: WindowOrder

    private static let adamW = AdamWSettings(
        beta1: 0.9,
        beta2: 0.98,
        epsilon: 1e-8,
        weightDecay: 0.1,
        maxUpdateNorm: 1
    )
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
            try reader.map { try TrainingState($0, trainable: .all, settings: Self.adamW) }
            ?? TrainingState(parameters: parameters, trainable: .all, settings: Self.adamW)
        parallel = ParallelFor(threadCount: request.threads)
        gradients = GPT2GradientPass(parameters: state.parameters, parallel: parallel)
        rule = MicroBatchRule(state.parameters.configuration, threads: request.threads)
        plan = try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(
                unitCount: text.training.count,
                expectedBatchSize: 1,
                steps: 1
            ),
            noiseMultiplier: 0,
            maxGradNorm: nil,
            budget: .unlimited
        )
        writer = try CheckpointWriter(folder: request.outputFolder)
        clock = PretrainingClock(progress)
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
        var sum = plan.makeSum(count: state.parameters.layout.count)
        clock.resume()
        var heldOut: Double?
        while progress < 1, !shouldStop() {
            addGradients(to: &sum)
            let gradient = plan.mechanism.privatize(
                sum,
                for: .unrecorded(publicKey),
                parallel: parallel
            )
            let factor = LearningRateSchedule.cosine.factor(
                progress: progress,
                warmup: Self.warmup
            )
            sum = state.optimizer.update(
                state.parameters.values,
                with: gradient,
                learningRate: request.learningRate * factor,
                parallel: parallel
            )
            if clock.isDue(minutes: request.checkpointMinutes) {
                heldOut = heldOutLoss()
                try save()
            }
            report(trainingProgress(heldOut))
        }
        try save()
        return try finish(isFinished: progress >= 1)
    }

    /// Predicted tokens weigh the same whatever window they are in.
    private func addGradients(to sum: inout ClippedGradientSum) {
        var windows: [Int] = []
        var tokens = 0
        while tokens < request.tokensPerStep {
            let window = order.next()
            windows.append(window)
            tokens += text.training.predictedCount(window)
        }
        let scale = Float(1) / Float(tokens)
        for start in stride(from: 0, to: windows.count, by: 64) {
            let part = windows[start..<min(start + 64, windows.count)]
            for shards in microBatches(part.map { Array(text.training[$0]) }) {
                _ = gradients.measure(shards, norms: .skipped)
                let factors = shards.flatMap(\.units).map { Float($0.count) * scale }
                sum.accumulate { gradients.addWeightedSum(factors: factors, into: $0) }
            }
        }
        clock.tokens += tokens
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
            Double(clock.tokens) / (epochs * Double(text.training.predictedTokens))
        }
    }

    /// Public training needs no secret: the key names no noise.
    private var publicKey: StepKey {
        StepKey(
            secret: .insecure(seed: 0),
            inputs: StepInputs(runIdentifier: "public", label: "step \(state.step)")
        )
    }

    private func trainingProgress(_ heldOut: Double?) -> TrainingProgress {
        let done = progress
        return TrainingProgress(
            step: state.step,
            steps: nil,
            epsilon: .infinity,
            epsilonStep: state.step,
            tokensPerSecond: Double(clock.tokens) / max(clock.seconds, 1e-9),
            secondsLeft: done > 0 ? clock.seconds * (1 - done) / done : .infinity,
            heldOutLoss: heldOut
        )
    }
}
