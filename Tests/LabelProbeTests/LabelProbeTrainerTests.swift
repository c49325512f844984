import DifferentialPrivacy
import Foundation
import Kernels
import TestData
import Testing

@testable import LabelProbe

@Suite struct LabelProbeTrainerTests {
    /// Records whose label is their longest feature.
    private func separable(_ count: Int) throws -> ProbeCorpus {
        var generator = SeededGenerator(seed: 7)
        var units: [[LabelledTokens]] = []
        var features: [[Float]] = []
        for _ in 0..<count {
            let feature = (0..<3).map { _ in Float(generator.uniform(-1, 1)) }
            let longest = feature.indices.reduce(0) { feature[$1] > feature[$0] ? $1 : $0 }
            features.append(feature)
            units.append([LabelledTokens(tokens: [], labels: [longest, feature[0] > 0 ? 1 : 0])])
        }
        return try ProbeFixtures.corpus(units, features: features)
    }

    private func trainer(_ plan: FullBatchPlan, _ corpus: ProbeCorpus) -> LabelProbeTrainer {
        LabelProbeTrainer(
            plan,
            settings: LabelProbeSettings(),
            corpus: corpus,
            parallel: ParallelFor(threadCount: 1)
        )
    }

    @Test func itLearnsWhatALinearClassifierCan() throws {
        let corpus = try separable(600)
        let outcome = try trainer(try ProbeFixtures.plan(units: 600, steps: 200), corpus).run(
            labels: try ProbeFixtures.labels(),
            reserve: { step, _ in ProbeFixtures.reservation("\(step)") },
            goesOn: { _ in true }
        )
        #expect(outcome.end == .planDone && outcome.steps == 200)
        var right = 0
        for record in 0..<600 {
            let x = corpus.inputs.values(4 * record..<4 * record + 4)
            let posterior = outcome.classifier.posterior(x.span)
            let best = (0..<3).reduce(0) { posterior[$1] > posterior[$0] ? $1 : $0 }
            right += best == corpus.classes[2 * record] ? 1 : 0
        }
        // Three lines through the origin separate them, up to those near a line.
        #expect(right > 570, "\(right) of 600")
    }

    /// A trainer that goes one step further shows the weights after every step of the other.
    @Test func theProbeIsTheMeanOfTheSecondHalf() throws {
        let corpus = try separable(30)
        func run(_ steps: Int, seen: ([FloatBuffer]) -> Void) throws -> LabelClassifier {
            let plan = try ProbeFixtures.plan(units: 30, steps: steps, noiseMultiplier: 2)
            return try trainer(plan, corpus).run(
                labels: try ProbeFixtures.labels(),
                reserve: { step, state in
                    seen(state)
                    return ProbeFixtures.reservation("\(step)")
                },
                goesOn: { _ in true }
            ).classifier
        }
        var weights: [[Float]] = []
        _ = try run(12) { weights.append($0[0].values(0..<$0[0].count)) }
        let probe = try run(11) { _ in }
        #expect(weights[0].allSatisfy { $0 == 0 } && weights[11] != weights[10])
        for place in probe.weights.indices {
            let mean = (6...11).reduce(0) { $0 + Double(weights[$1][place]) } / 6
            #expect(abs(probe.weights[place] - mean) < 1e-12 * (1 + abs(mean)))
        }
    }

    @Test func itEndsBeforeTheStepThatIsRefused() throws {
        let plan = try ProbeFixtures.plan(units: 30, steps: 10, noiseMultiplier: 1)
        let outcome = try trainer(plan, try separable(30)).run(
            labels: try ProbeFixtures.labels(),
            reserve: { step, _ in
                guard step < 4 else { return nil }
                return ProbeFixtures.reservation("\(step)")
            },
            goesOn: { _ in true }
        )
        #expect(outcome.end == .targetReached && outcome.steps == 4)
    }

    @Test func itStopsWhereItIsAsked() throws {
        let plan = try ProbeFixtures.plan(units: 30, steps: 10, noiseMultiplier: 1)
        let outcome = try trainer(plan, try separable(30)).run(
            labels: try ProbeFixtures.labels(),
            reserve: { step, _ in ProbeFixtures.reservation("\(step)") },
            goesOn: { $0 < 3 }
        )
        #expect(outcome.end == .interrupted && outcome.steps == 3)
    }
}
