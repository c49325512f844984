import DifferentialPrivacy
import Foundation
import Kernels
import Testing

@testable import LabelProbe

@Suite struct LabelProbeStepTests {
    /// The loss as the formula states it, for finite differences.
    private func loss(_ corpus: ProbeCorpus, _ classifier: LabelClassifier) -> Double {
        corpus.units.reduce(0) { total, unit in
            total
                + unit.reduce(0) { sum, record in
                    let x = corpus.inputs.values(record * 4..<(record + 1) * 4).map(Double.init)
                    return sum
                        + classifier.columns.indices.reduce(0) { part, column in
                            let scores = classifier.columns[column].map { place in
                                x.indices.reduce(0) {
                                    $0 + x[$1] * classifier.weights[$1 * 5 + place]
                                }
                            }
                            let truth =
                                corpus.classes[record * 2 + column]
                                - classifier.columns[column].lowerBound
                            return part + log(scores.reduce(0) { $0 + exp($1) }) - scores[truth]
                        }
                } / Double(unit.count)
        }
    }

    @Test(arguments: [[1, 1, 1, 1, 1], [3, 1, 2]])
    func theGradientAgreesWithFiniteDifferences(sizes: [Int]) throws {
        let corpus = try ProbeFixtures.corpus(sizes: sizes)
        var classifier = try ProbeFixtures.classifier()
        let plan = try ProbeFixtures.plan(units: sizes.count, maxGradNorm: 1e6)
        let released = ProbeFixtures.release(plan, corpus, at: classifier)
        for place in classifier.weights.indices {
            let weight = classifier.weights[place]
            let losses = [1e-5, -1e-5].map { step -> Double in
                classifier.weights[place] = weight + step
                return loss(corpus, classifier)
            }
            classifier.weights[place] = weight
            let expected = (losses[0] - losses[1]) / 2e-5 / Double(sizes.count)
            // Central differences err by about 1e-10, the released gradient is a Float.
            #expect(abs(Double(released[place]) - expected) < 1e-6, "weight \(place)")
        }
    }

    /// A unit alone: what it adds to the sum is at most C long, and C(1 − 2⁻¹⁰) where it is clipped.
    @Test(arguments: [1, 4])
    func eachUnitsContributionIsWithinTheBound(records: Int) throws {
        let bound = 0.25
        let plan = try ProbeFixtures.plan(units: 1, maxGradNorm: bound)
        for seed in 1...40 as ClosedRange<UInt64> {
            let corpus = try ProbeFixtures.corpus(sizes: [records], seed: seed)
            let released = ProbeFixtures.release(
                plan,
                corpus,
                at: try ProbeFixtures.classifier(seed: seed)
            )
            let norm = released.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(norm <= bound && norm > 0)
        }
    }

    @Test func clippingKeepsTheDirectionAndTakesTheLengthOfTheWholeUnit() throws {
        let corpus = try ProbeFixtures.corpus(sizes: [3], seed: 5)
        let classifier = try ProbeFixtures.classifier()
        let free = ProbeFixtures.release(
            try ProbeFixtures.plan(units: 1, maxGradNorm: 1e6),
            corpus,
            at: classifier
        )
        let clipped = ProbeFixtures.release(
            try ProbeFixtures.plan(units: 1, maxGradNorm: 0.1),
            corpus,
            at: classifier
        )
        let length = free.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let factor = 0.1 * (1 - 0x1p-10) / length
        for (free, clipped) in zip(free, clipped) {
            // Two roundings of a Float of size 0.1.
            #expect(abs(Double(clipped) - factor * Double(free)) < 1e-7)
        }
    }

    @Test func hostileFeaturesAreBoundedAndChangeNothingElse() throws {
        let others = try ProbeFixtures.corpus(sizes: [1, 1])
        let classifier = try ProbeFixtures.classifier()
        let plan = try ProbeFixtures.plan(units: 3)
        let without = ProbeFixtures.release(plan, others, at: classifier)
        for value in [Float.nan, .infinity, -.infinity, 3e38, 0x1p-149] {
            let hostile = ProbeFixtures.identity([value, -value, value])
            #expect(hostile.allSatisfy { $0.isFinite })
            let corpus = try ProbeFixtures.corpus(
                [[LabelledTokens(tokens: [], labels: [0, 1])]]
                    + (0..<2).map { record in
                        [
                            LabelledTokens(
                                tokens: [],
                                labels: [
                                    others.classes[2 * record], others.classes[2 * record + 1] - 3,
                                ]
                            )
                        ]
                    },
                features: [[value, -value, value]]
                    + (0..<2).map { others.inputs.values(4 * $0..<4 * $0 + 3) }
            )
            let with = ProbeFixtures.release(plan, corpus, at: classifier)
            let moved = zip(with, without).reduce(0.0) {
                $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
            }
            #expect(moved.squareRoot() * 3 <= 1)
        }
    }

    /// The sum is the same bits for any number of threads, a unit's part whatever stands beside it.
    @Test func threadsChangeNothing() throws {
        let corpus = try ProbeFixtures.corpus(sizes: Array(repeating: 2, count: 150))
        let plan = try ProbeFixtures.plan(units: 150, noiseMultiplier: 1)
        let classifier = try ProbeFixtures.classifier()
        let one = ProbeFixtures.release(plan, corpus, at: classifier)
        for threads in 2...3 {
            #expect(ProbeFixtures.release(plan, corpus, at: classifier, threads: threads) == one)
        }
    }

    /// Noise of σ·C is added once and divided by N: measured against the step without noise.
    @Test func noiseIsAddedOnceAndDividedByThePublicNumberOfUnits() throws {
        let corpus = try ProbeFixtures.corpus(sizes: Array(repeating: 1, count: 10))
        let classifier = try ProbeFixtures.classifier()
        let quiet = ProbeFixtures.release(
            try ProbeFixtures.plan(units: 20, maxGradNorm: 0.5),
            corpus,
            at: classifier
        )
        let plan = try ProbeFixtures.plan(units: 20, noiseMultiplier: 3, maxGradNorm: 0.5)
        var square = 0.0
        var count = 0
        for draw in 0..<2_000 {
            let noisy = ProbeFixtures.release(plan, corpus, at: classifier, label: "step \(draw)")
            for (noisy, quiet) in zip(noisy, quiet) {
                square += pow(Double(noisy - quiet) * 20 / (3 * 0.5), 2)
                count += 1
            }
        }
        // The mean of 40,000 squares of normals: 5 standard deviations are 3.5 %, once in 10⁶.
        #expect(abs(square / Double(count) - 1) < 0.035)
    }

    #if DEBUG
    /// What each planted defect does to the sum of neighbouring corpora, whose last unit is more.
    @Test(arguments: [
        nil, PlantedFault.Kind.looseClipping, .recordsClippedSingly, .featuresOfBatchMates,
    ])
    func plantedFaultsMoveTheSumByMoreThanTheBound(kind: PlantedFault.Kind?) throws {
        let isCaught = try PlantedFault.$current.withValue(kind.map(PlantedFault.init)) {
            let plan = try ProbeFixtures.plan(units: 1, maxGradNorm: 0.2)
            let classifier = try ProbeFixtures.classifier()
            // The further unit stands first: whoever looks at neighbours looks at it.
            let corpora = try [0, 1].map { first in
                let more = Array(
                    repeating: LabelledTokens(tokens: [], labels: [0, 0]),
                    count: 3 * first
                )
                let others = (0..<20).map {
                    [LabelledTokens(tokens: [], labels: [$0 % 3, $0 % 2])]
                }
                return try ProbeFixtures.corpus(
                    (first == 0 ? [] : [more]) + others,
                    features: Array(repeating: [0.9, -0.8, 0.7], count: 3 * first)
                        + (0..<20).map { [Float($0 % 7) / 7, -0.3, Float($0 % 5) / 5] }
                )
            }
            let sums = corpora.map { ProbeFixtures.release(plan, $0, at: classifier) }
            let square = zip(sums[0], sums[1]).reduce(0.0) {
                $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
            }
            return square.squareRoot() > 0.2
        }
        #expect(isCaught == (kind != nil))
    }
    #endif
}
