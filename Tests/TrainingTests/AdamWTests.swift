import Autograd
import Foundation
import Kernels
import LanguageModel
import TestData
import Testing

@testable import Training

@Suite("AdamW")
struct AdamWTests {
    private let layout = ParameterLayout([("a", [3, 5]), ("b", [7])])

    private struct Gradient: DescentDirection {
        let values: FloatBuffer
    }

    /// PyTorch's formula in Float64, one element.
    private struct Reference {
        var theta: Double
        var m = 0.0
        var v = 0.0

        mutating func update(_ g: Double, step: Int, rate: Double, settings: AdamWSettings) {
            theta *= 1 - rate * settings.weightDecay
            m = settings.beta1 * m + (1 - settings.beta1) * g
            v = settings.beta2 * v + (1 - settings.beta2) * g * g
            let first = m / (1 - power(settings.beta1, step))
            let second = v / (1 - power(settings.beta2, step))
            theta -= rate * first / (second.squareRoot() + settings.epsilon)
        }

        private func power(_ base: Double, _ exponent: Int) -> Double {
            (0..<exponent).reduce(1) { value, _ in value * base }
        }
    }

    @Test("Five steps agree with the formula in Float64")
    func formula() throws {
        let settings = AdamWSettings(weightDecay: 0.1)
        let optimizer = AdamW(layout: layout, trainable: .all, settings: settings)
        let parameters = FloatBuffer(count: layout.count)
        var generator = SeededGenerator(seed: 1)
        let places = layout.entries.flatMap { Array($0.range) }
        var references: [Int: Reference] = [:]
        for place in places {
            let value = Float.random(in: -1...1, using: &generator)
            parameters.store([value], at: place)
            references[place] = Reference(theta: Double(value))
        }
        for step in 1...5 {
            let raw = (0..<layout.count).map { _ in Float.random(in: -9...9, using: &generator) }
            optimizer.update(
                parameters,
                with: Gradient(values: FloatBuffer(raw)),
                learningRate: 0.01,
                parallel: ParallelFor(threadCount: 2)
            )
            for place in places {
                references[place]?.update(
                    Double(raw[place]),
                    step: step,
                    rate: 0.01,
                    settings: settings
                )
            }
        }
        for place in places {
            let theta = Double(parameters.values(place..<place + 1)[0])
            // Float32 rounding of five steps of 0.01.
            #expect(abs(theta - (references[place]?.theta ?? .nan)) < 1e-5)
        }
    }

    @Test("Frozen parameters and padding keep their bits, whatever noise fell on them")
    func frozen() throws {
        let settings = AdamWSettings()
        let optimizer = AdamW(layout: layout, trainable: .named(["b"]), settings: settings)
        let parameters = FloatBuffer([Float](repeating: 2, count: layout.count))
        optimizer.update(
            parameters,
            with: Gradient(values: FloatBuffer([Float](repeating: 1, count: layout.count))),
            learningRate: 0.01,
            parallel: ParallelFor(threadCount: 1)
        )
        let trained = try #require(layout["b"]).range
        for place in 0..<layout.count {
            let isUnchanged = parameters.values(place..<place + 1)[0] == 2
            #expect(isUnchanged == !trained.contains(place))
        }
    }

    @Test("A bound on the update scales the gradient to that norm")
    func boundedUpdate() throws {
        let settings = AdamWSettings(beta1: 0, maxUpdateNorm: 1)
        let optimizer = AdamW(layout: layout, trainable: .all, settings: settings)
        let raw = [Float](repeating: 3, count: layout.count)
        optimizer.update(
            FloatBuffer(count: layout.count),
            with: Gradient(values: FloatBuffer(raw)),
            learningRate: 0.01,
            parallel: ParallelFor(threadCount: 1)
        )
        let moment = layout.entries.flatMap { optimizer.firstMoment.values($0.range) }
        let norm = moment.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(norm - 1) < 1e-5)
    }

    @Test("Schedules rise to the peak and end where they should")
    func schedules() {
        for schedule in LearningRateSchedule.allCases {
            #expect(abs(schedule.factor(progress: 0.05, warmup: 0.1) - 0.5) < 1e-12)
            #expect(schedule.factor(progress: 0.1, warmup: 0.1) == 1)
            for progress in stride(from: 0.0, to: 1, by: 0.01) {
                #expect((0...1).contains(schedule.factor(progress: progress, warmup: 0.05)))
            }
        }
        #expect(LearningRateSchedule.constant.factor(progress: 1, warmup: 0) == 1)
        #expect(abs(LearningRateSchedule.cosine.factor(progress: 1, warmup: 0) - 0.1) < 1e-12)
        #expect(LearningRateSchedule.linear.factor(progress: 1, warmup: 0) == 1e-3)
        #expect(abs(LearningRateSchedule.linear.factor(progress: 0.55, warmup: 0.1) - 0.5) < 1e-12)
    }
}
