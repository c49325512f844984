import Autograd
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import TestData
import Testing
import Training

@testable import PrivateTraining

/// A search for base models and records whose gradients cancel, so that what a unit adds is rounding.
///
/// The measured contribution is the difference, in Double, of the trainer's clipped sums with and
/// without the unit. `DPSCRIBE_SEARCHES` says how many are tried; `make soak` tries 20,000.
@Suite("Gradients that cancel")
struct CancellingGradientTests {
    private static let searches =
        ProcessInfo.processInfo.environment["DPSCRIBE_SEARCHES"].flatMap { Int($0) } ?? 120

    /// A base model, units, one more unit, and how they are trained.
    private struct Attempt {
        private static let batch = 512
        let maxGradNorm: Double
        private let parameters = TinyTrainer.parameters()
        private let adapters: DecoderAdapters?
        private let others: [[TokenBatch.Sequence]]
        private let added: [TokenBatch.Sequence]
        private let microBatch: Int?

        init(number: Int, otherCount: Int? = nil) {
            var generator = SeededGenerator(seed: UInt64(number))
            let tokens = (0..<Int.random(in: 2...7, using: &generator)).map { _ in
                Int32.random(in: 0..<48, using: &generator)
            }
            let predicted = Array(Set(tokens)).sorted()
            Self.makeHeadCancel(parameters, predicted, using: &generator)
            if number % 3 == 2 { Self.makeKeysCancel(parameters, using: &generator) }
            adapters = number % 5 == 4 ? Self.adapters(using: &generator) : nil
            maxGradNorm = pow(10, Double.random(in: -3...1, using: &generator))
            microBatch = [nil, 1, 3][number % 3]
            let count = otherCount ?? [0, 0, 1, 5].randomElement(using: &generator) ?? 0
            others = (0..<count).map { index in
                index % 2 == 0
                    ? [Self.record(predicted, using: &generator)]
                    : [TinyTrainer.record(using: &generator)]
            }
            let records = [1, 1, 2, 3].randomElement(using: &generator) ?? 1
            added = (0..<records).map { _ in Self.record(predicted, using: &generator) }
        }

        /// How far the added unit moves the clipped sum.
        func moved(omittingBounds: Bool = false) throws -> Double {
            let sums = try [others + [added], [added] + others, others].map {
                try sum($0, omittingBounds)
            }
            return max(distance(sums[0], sums[2]), distance(sums[1], sums[2]))
        }

        private func sum(
            _ units: [[TokenBatch.Sequence]],
            _ omitsErrorBounds: Bool
        ) throws -> [Float] {
            // q is 1, B a power of two, and there is no noise: what is released is the sum.
            let plan = try TinyTrainer.plan(
                unitCount: Self.batch,
                batch: Self.batch,
                maxGradNorm: maxGradNorm,
                budget: .unlimited
            )
            let state = TrainingState(
                parameters: parameters,
                adapters: adapters,
                trainable: .all,
                settings: AdamWSettings()
            )
            let step = PrivateStep(
                plan,
                corpus: TinyTrainer.corpus(units, microBatch: microBatch),
                state: state,
                parallel: ParallelFor(threadCount: 1)
            )
            step.gradients.defects.omitsErrorBounds = omitsErrorBounds
            let released = step.release(
                plan.makeSum(count: state.trainedLayout.count),
                for: .unrecorded(TinyTrainer.key(0))
            )
            return released.values.values(0..<released.count).map { $0 * Float(Self.batch) }
        }

        /// The head's input is nearly one huge vector; the tokens of `predicted` have equal logits.
        private static func makeHeadCancel(
            _ parameters: DecoderParameters,
            _ predicted: [Int32],
            using generator: inout SeededGenerator
        ) {
            let width = TinyTrainer.configuration.width
            let size = pow(10, Float.random(in: 2...8, using: &generator))
            let slope: Float = [0, 0, 1e-6, 1e-3].randomElement(using: &generator) ?? 0
            let rest = pow(10, Float.random(in: -6...0, using: &generator))
            let values = parameters.values
            guard let scale = parameters.layout["ln_f.weight"],
                let shift = parameters.layout["ln_f.bias"],
                let table = parameters.layout["wte.weight"]
            else { return }
            values.fill(scale.range, with: slope)
            values.fill(shift.range, with: 0)
            values[shift.offset] = size
            for token in 0..<TinyTrainer.configuration.vocabularySize {
                let row = table.offset + token * width
                values[row] = predicted.contains(Int32(token)) ? 0 : -200 / size
                for column in 1..<width { values[row + column] *= rest }
            }
        }

        /// The inputs of the projections are nearly one huge vector that their weights ignore: the
        /// gradients of all keys of a query add up to nothing.
        private static func makeKeysCancel(
            _ parameters: DecoderParameters,
            using generator: inout SeededGenerator
        ) {
            guard let final = parameters.layout["ln_f.weight"],
                let shift = parameters.layout["h.0.ln_1.bias"],
                let weight = parameters.layout["h.0.attn.c_attn.weight"]
            else { return }
            parameters.values.fill(final.range, with: 1)
            parameters.values[shift.offset] = pow(10, Float.random(in: 2...8, using: &generator))
            parameters.values.fill(weight.offset..<weight.offset + weight.shape[1], with: 0)
        }

        private static func adapters(using generator: inout SeededGenerator) -> DecoderAdapters {
            let adapters = DecoderAdapters(zeros: TinyTrainer.configuration, rank: 3)
            for index in 0..<adapters.layout.count {
                adapters.values[index] = Float.random(in: -1...1, using: &generator)
            }
            return adapters
        }

        /// Predicts each token equally often, in any order; sixteen rows at most.
        private static func record(
            _ tokens: [Int32],
            using generator: inout SeededGenerator
        ) -> TokenBatch.Sequence {
            let times = Int.random(in: 1...max(1, 15 / tokens.count), using: &generator)
            let targets = Array(repeating: tokens, count: times).flatMap { $0 }
            return .init(tokens: tokens.prefix(1) + targets.shuffled(using: &generator))
        }
    }

    @Test("However much cancels, a unit moves the sum by at most C")
    func search() throws {
        var (largest, unbounded, exceeded) = (0.0, 0.0, 0)
        for number in 0..<Self.searches {
            let attempt = Attempt(number: number)
            let moved = try attempt.moved() / attempt.maxGradNorm
            #expect(moved <= 1, "attempt \(number)")
            largest = max(largest, moved)
            let bare = try attempt.moved(omittingBounds: true) / attempt.maxGradNorm
            unbounded = max(unbounded, bare)
            exceeded += bare > 1 ? 1 : 0
        }
        // The control: without the bounds of what is added, the search finds what it looks for.
        #expect(unbounded > 1.05 && exceeded >= Self.searches / 60, "\(unbounded), \(exceeded)")
        if ProcessInfo.processInfo.environment["DPSCRIBE_SEARCHES"] != nil {
            print(
                "\(Self.searches) searches: moved by \(largest) C at most; without bounds",
                "by \(unbounded) C, above C in \(exceeded)"
            )
        }
    }

    @Test(
        "Many others that cancel do not carry a unit beyond C by their rounding",
        arguments: [0, 1, 2]
    )
    func manyOthers(number: Int) throws {
        let attempt = Attempt(number: 1_000 + number, otherCount: 250)
        let moved = try attempt.moved() / attempt.maxGradNorm
        #expect(moved <= 1, "\(moved)")
    }
}
