import Autograd
package import DifferentialPrivacy
import Foundation
import Kernels
package import LanguageModel
import Training

/// Measures whole training steps on random tokens: state digest, forward, backward, norms,
/// clipping, noise and AdamW, with nothing left out but the ledger's file.
package struct TrainingBenchmark: Sendable {
    /// Whether and how gradients are made private.
    package enum Clipping: String, CaseIterable, Sendable {
        /// Per-unit norms, clipping and noise.
        case ghost
        /// None of them: plain training.
        case none
    }

    /// What one measurement found.
    package struct Result: Sendable {
        /// The median time of a step.
        package let stepSeconds: Double
        /// The most memory until the end of the last step.
        package let peakBytes: Int
        /// The speeds of matrix products alone.
        package let products: ProductBenchmark.Speeds
        /// The counted operations of a step.
        package let operations: Double
    }

    /// The shape of the model.
    package var configuration: DecoderConfiguration
    /// Tokens of each unit, at least 2.
    package var sequenceLength = 64
    /// Units of each step.
    package var batchSize = 32
    /// Units processed at a time; nil leaves it to the rule.
    package var microBatchSize: Int?
    /// Whether gradients are clipped and noised.
    package var clipping = Clipping.ghost
    /// The rank of adapters; nil trains all parameters.
    package var adapterRank: Int?
    /// Steps that are measured, after two that are not.
    package var steps = 5
    /// Rounds of products before the steps, and after them.
    package var productRounds = 8
    /// Threads to use.
    package var threads: Int

    private static let warmUpSteps = 2

    /// Describes a measurement.
    package init(_ configuration: DecoderConfiguration, threads: Int) {
        self.configuration = configuration
        self.threads = threads
    }

    /// Runs it; half of the products are measured before the steps and half after them.
    package func run() throws -> Result {
        let parallel = ParallelFor(threadCount: threads)
        let before = ProductBenchmark(parallel: parallel).rounds(productRounds)
        let seconds = try stepSeconds(parallel)
        let peak = PeakMemory.bytes
        let after = ProductBenchmark(parallel: parallel).rounds(productRounds)
        let operations = ModelOperations(configuration, adapterRank: adapterRank)
            .forwardAndBackward(rows: sequenceLength - 1)
        return Result(
            stepSeconds: Median.of(seconds),
            peakBytes: peak,
            products: before + after,
            operations: operations * Double(batchSize)
        )
    }

    private func stepSeconds(_ parallel: ParallelFor) throws -> [Double] {
        var (seconds, start): ([Double], _) = ([], ContinuousClock.now)
        try runSteps(Self.warmUpSteps + steps, parallel) {
            start = .now
        } after: {
            seconds.append((ContinuousClock.now - start) / .seconds(1))
        }
        return Array(seconds.dropFirst(Self.warmUpSteps))
    }

    /// Makes model and corpus and takes `count` steps, each between two calls.
    func runSteps(
        _ count: Int,
        _ parallel: ParallelFor,
        before: () -> Void,
        after: () -> Void
    ) throws {
        var generator = BenchmarkRandomness.generator()
        let state = state(&generator)
        let plan = try plan(steps: count)
        let step = PrivateStep(
            plan,
            corpus: corpus(&generator),
            state: state,
            norms: clipping == .none ? .skipped : .measured,
            parallel: parallel
        )
        let digest = StateDigest(secret: BenchmarkRandomness.secret, parallel: parallel)
        var sum = plan.makeSum(count: state.trainedLayout.count)
        for number in 0..<count {
            before()
            let content = clipping == .none ? nil : digest(state.buffers)
            sum = try step.run(
                sum,
                for: .unrecorded(BenchmarkRandomness.key("step \(number)", state: content)),
                learningRate: 1e-4
            )
            after()
        }
    }

    private func state(_ generator: inout KeyStreamGenerator) -> TrainingState {
        let parameters = DecoderParameters(initializing: configuration, using: &generator)
        let adapters = adapterRank.map {
            DecoderAdapters(initializing: configuration, rank: $0, using: &generator)
        }
        return TrainingState(
            parameters: parameters,
            adapters: adapters,
            trainable: .all,
            settings: AdamWSettings()
        )
    }

    /// Every unit takes part in every step, so that steps are equal.
    private func plan(steps: Int) throws -> PrivacyPlan {
        let schedule = try SamplingSchedule(
            unitCount: batchSize,
            expectedBatchSize: batchSize,
            steps: steps
        )
        guard clipping == .ghost else {
            return try PrivacyPlan(
                unit: .record,
                schedule: schedule,
                noiseMultiplier: 0,
                maxGradNorm: nil,
                budget: .unlimited
            )
        }
        return try PrivacyPlan(
            unit: .record,
            schedule: schedule,
            noiseMultiplier: 1,
            maxGradNorm: 1,
            budget: .limited(epsilon: 8, delta: 0.5 / Double(batchSize))
        )
    }

    private func corpus(_ generator: inout KeyStreamGenerator) -> PrivateCorpus {
        let units = (0..<batchSize).map { _ in
            let tokens = (0..<sequenceLength).map { _ in
                Int32.random(in: 0..<Int32(configuration.vocabularySize), using: &generator)
            }
            return [TokenBatch.Sequence(tokens: tokens)]
        }
        return PrivateCorpus(
            units: units,
            recordCount: batchSize,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: microBatchSize
        )
    }
}

/// Counts the floating-point operations of a plain forward and backward pass.
///
/// A multiply-add is two. Counted are matrix products, causal attention and the head; not counted
/// are norms, recomputation, elementwise work, and the weight gradients of frozen matrices.
package struct ModelOperations: Sendable {
    private let configuration: DecoderConfiguration
    private let adapterRank: Int?

    /// Counts for a model, or for its adapters.
    package init(_ configuration: DecoderConfiguration, adapterRank: Int? = nil) {
        self.configuration = configuration
        self.adapterRank = adapterRank
    }

    /// The operations of a record of `rows` rows, all of which predict with loss.
    package func forwardAndBackward(rows: Int) -> Double {
        let count = Double(rows)
        // Multiply-adds of one pass through the weights: those of the blocks, and the head.
        let head = configuration.width * configuration.vocabularySize
        let weights = count * Double(configuration.linearWeightCount + head)
        // Row i attends to i + 1 rows, once with keys and once with values.
        let layers = Double(configuration.layerCount)
        let attention = layers * Double(configuration.queryWidth) * count * (count + 1)
        // Back through a product are two products; through a frozen one, only the input's.
        let passes: Double = adapterRank == nil ? 3 : 2
        let adapters = 3 * count * Double(configuration.adapterWidth * (adapterRank ?? 0))
        return 2 * (passes * weights + 3 * attention + adapters)
    }
}

/// The most memory that this process has had resident so far.
package enum PeakMemory {
    /// Bytes, as Linux counts them (VmHWM of proc(5)); 0 where that cannot be read.
    package static var bytes: Int {
        let status = FileHandle(forReadingAtPath: "/proc/self/status")
        let text = String(decoding: (try? status?.readToEnd()) ?? Data(), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return 1_024 * (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0)
    }
}

/// Reproducible randomness for measurements, where nothing is private.
package enum BenchmarkRandomness {
    static let secret = RunSecret.insecure(seed: 0)

    /// A generator for weights, tokens or drawing; different lanes are independent.
    package static func generator(lane: UInt64 = 0) -> KeyStreamGenerator {
        let key = key("benchmark")
        return KeyStreamGenerator(key.stream(for: .initialization, lane: lane))
    }

    /// The key of a step.
    static func key(_ label: String, state: ContentDigest? = nil) -> StepKey {
        let nothing = ContentDigest(domain: "nothing", fields: [])
        return StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: "benchmark",
                label: label,
                state: state ?? nothing,
                environment: nothing
            )
        )
    }
}
