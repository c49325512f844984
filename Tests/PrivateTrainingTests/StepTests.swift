import Autograd
import DifferentialPrivacy
import Kernels
import LanguageModel
import Testing
import Training

@testable import PrivateTraining

@Suite("A step")
struct StepTests {
    private let units = TinyTrainer.units(24, seed: 3)

    private func gradient(
        _ units: [[TokenBatch.Sequence]],
        _ plan: PrivacyPlan,
        microBatch: Int? = nil,
        threads: Int = 1,
        number: Int = 0
    ) -> [Float] {
        let corpus = TinyTrainer.corpus(units, microBatch: microBatch)
        return TinyTrainer.step(plan, corpus, TinyTrainer.parameters(), threads: threads)
            .gradient(number)
    }

    /// Sums in another order differ by rounding: 24 units of norm 0.5, 2⁻²⁴ each way, and the grid.
    private let tolerance = 1e-5

    @Test("Noise comes once a step, whatever the micro-batch", arguments: [1, 2, 3, 7, 32])
    func microBatches(size: Int) throws {
        let plan = try TinyTrainer.plan(unitCount: 24, batch: 24)
        let whole = gradient(units, plan)
        #expect(distance(whole, gradient(units, plan, microBatch: size)) < tolerance)
    }

    @Test("The order of the units does not matter beyond rounding")
    func order() throws {
        let plan = try TinyTrainer.plan(unitCount: 24, batch: 24)
        #expect(distance(gradient(units, plan), gradient(units.reversed(), plan)) < tolerance)
    }

    @Test("The same inputs give the same bits, on any number of threads", arguments: [1, 2, 3])
    func threads(count: Int) throws {
        let plan = try TinyTrainer.plan(unitCount: 24, batch: 12)
        #expect(gradient(units, plan, threads: count) == gradient(units, plan))
    }

    @Test("The noise has the declared deviation over B, with and without units")
    func noise() throws {
        let plan = try TinyTrainer.plan(
            unitCount: 1_000_000,
            batch: 1,
            noise: 1.5,
            maxGradNorm: 0.5,
            budget: .limited(epsilon: 1e6, delta: 1e-9)
        )
        var squares = 0.0
        var count = 0
        for number in 0..<20 {
            let released = gradient(units, plan, number: number)
            squares += released.reduce(0) { $0 + Double($1) * Double($1) }
            count += released.count
        }
        let deviation = (squares / Double(count)).squareRoot()
        // 20 · 4,900 draws: the standard error is 0.22 %, so 5 % too little is 20 of them away.
        #expect(abs(deviation / 0.75 - 1) < 0.012, "\(deviation)")
    }

    @Test("A step whose sample is empty moves the model by noise and counts")
    func emptyBatch() throws {
        let plan = try TinyTrainer.plan()
        let step = TinyTrainer.step(plan, TinyTrainer.corpus([]), TinyTrainer.parameters())
        let count = step.gradients.parameterBufferCount
        let noise = step.gradient()
        #expect(noise.count { $0 != 0 } > count / 2)
        let state = TrainingState(
            parameters: TinyTrainer.parameters(),
            trainable: .all,
            settings: AdamWSettings()
        )
        let before = state.parameters.values.values(0..<count)
        let stepping = PrivateStep(
            plan,
            corpus: TinyTrainer.corpus([]),
            state: state,
            parallel: ParallelFor(threadCount: 1)
        )
        var sum = plan.makeSum(count: count)
        for number in 0..<2 {
            sum = try stepping.run(
                sum,
                for: .unrecorded(TinyTrainer.key(number)),
                learningRate: 0.1
            )
            #expect(state.step == number + 1)
        }
        let after = state.parameters.values.values(0..<count)
        #expect(zip(before, after).count { $0 != $1 } > count / 2)
    }

    @Test("Over the steps a unit takes part by independent coins")
    func participation() throws {
        let plan = try TinyTrainer.plan(unitCount: 4, batch: 1)
        let (with, without) = (
            TinyTrainer.step(
                plan,
                TinyTrainer.corpus(Array(units[..<1])),
                TinyTrainer.parameters()
            ),
            TinyTrainer.step(plan, TinyTrainer.corpus([]), TinyTrainer.parameters())
        )
        // The noise of a step is the same for both: what differs is the unit.
        let takesPart = (0..<400).map { with.gradient($0) != without.gradient($0) }
        // q = 1/4: 100 steps, 8.7 standard deviation; 25 pairs of steps in a row, 6.6. Six of them.
        let count = takesPart.count { $0 }
        #expect((48...152).contains(count), "\(count)")
        let pairs = zip(takesPart, takesPart.dropFirst()).count { $0 && $1 }
        #expect((1...64).contains(pairs), "\(pairs)")
    }

    @Test("B divides the sum, not the number of units that came")
    func divisor() throws {
        let plan = try TinyTrainer.plan(unitCount: 24, batch: 12)
        let sizes = (0..<20).map {
            plan.sampler.sample(unitCount: 24, for: .unrecorded(TinyTrainer.key($0))).count
        }
        #expect(Set(sizes).count > 3)
        let positions = try #require(TinyTrainer.parameters().layout["wpe.weight"]).range
        let unreached = positions.lowerBound + 12 * 16..<positions.upperBound
        for number in 0..<20 {
            let (some, none) = (
                gradient(units, plan, number: number), gradient([], plan, number: number)
            )
            // With the same noise, the difference is the sum of that many clipped gradients over B.
            #expect(distance(some, none) <= 0.5 * Double(sizes[number]) / 12 + tolerance)
            // Positions that no record reaches hold noise alone: equal bits, so equal divisors.
            #expect(some[unreached] == none[unreached])
        }
    }

    @Test("Each unit joins with probability q, on its own")
    func inclusion() throws {
        let sampler = try TinyTrainer.plan(unitCount: 40, batch: 10).sampler
        var counts = [Int](repeating: 0, count: 40)
        var sizes: [Double] = []
        for number in 0..<2000 {
            let sample = sampler.sample(unitCount: 40, for: .unrecorded(TinyTrainer.key(number)))
            sizes.append(Double(sample.count))
            for unit in sample { counts[unit] += 1 }
        }
        let chiSquare = counts.reduce(0.0) { $0 + pow2(Double($1) - 500) / (2000 * 0.25 * 0.75) }
        // 40 degrees of freedom; beyond 100 has probability 5e-7.
        #expect(chiSquare < 100)
        let mean = sizes.reduce(0, +) / 2000
        let variance = sizes.reduce(0) { $0 + pow2($1 - mean) } / 1999
        // Nq(1 − q) = 7.5; the variance of a sample variance gives 0.24.
        #expect(abs(variance - 7.5) < 1.5)
    }

    private func pow2(_ value: Double) -> Double { value * value }
}
