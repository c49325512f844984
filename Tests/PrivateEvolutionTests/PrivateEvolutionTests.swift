import DifferentialPrivacy
import Foundation
import Kernels
import Testing

@testable import PrivateEvolution

@Suite struct PrivateEvolutionTests {
    static let modes = [Point(x: 3, y: -4), Point(x: -6, y: 7)]
    static let settings = EvolutionSettings(
        iterations: 6,
        count: 40,
        classes: .weights([3, 1]),
        variations: 4
    )

    /// The known answer: kept points gather at the private mode of their class, closer with every
    /// iteration, although each histogram is noised with σ = 10 against 2,000 votes a class.
    @Test(arguments: [0, 3], [SelectionRule.rank, .sample])
    func convergesToThePrivateModes(lookahead: Int, selection: SelectionRule) async throws {
        let run = try ToyRun()
        var settings = Self.settings
        settings.lookahead = lookahead
        settings.selection = selection
        settings.threshold = selection == .sample ? 20 : 0
        let ledger = try run.openLedger(settings: settings, noiseMultiplier: 10)
        var errors: [Float] = []
        let kept = try await run.evolution(settings, noiseMultiplier: 10).run(
            on: try .around(Self.modes, count: 2000, spread: 0.5),
            ledger: ledger,
            publish: { _, kept in
                let distances = kept.map { $0.candidate.distance(to: Self.modes[$0.classIndex]) }
                errors.append(distances.sorted()[distances.count / 2])
            }
        )
        #expect(
            kept.map(\.classIndex) == Array(repeating: 0, count: 30)
                + Array(repeating: 1, count: 10)
        )
        #expect(errors.count == 6)
        // A fresh point is 8 to 12 away from its mode; records lie up to 0.7 from it.
        #expect(errors[5] < 0.8)
        #expect(errors[5] < errors[0])
    }

    @Test func classSizesComeFromANoisyHistogramInsideTheBudget() async throws {
        let run = try ToyRun()
        var settings = Self.settings
        settings.classes = .noisyHistogram(count: 2)
        let ledger = try run.openLedger(settings: settings, noiseMultiplier: 10)
        let kept = try await run.evolution(settings, noiseMultiplier: 10).run(
            on: try .around(Self.modes, count: 500, spread: 0.5),
            ledger: ledger
        )
        // Each noisy count is 500 ± 60 with probability above 1 − 1e-8.
        #expect(kept.count == 40)
        #expect((17...23).contains(kept.count { $0.classIndex == 0 }))
        #expect(ledger.record.spending.count == 7)
        #expect(settings.releaseCount == 7)
    }

    /// 200,000 bins without votes: the sample variance has a relative standard error of
    /// √(2/200,000) = 0.32 %; the bound is 6 of them, a false alarm below 1e-8.
    @Test func histogramNoiseHasTheStatedVariance() throws {
        let sigma = 5 * 2.0.squareRoot()
        let empty = BoundedCounts(binCount: 200_000, sensitivity: 1, units: [])
        let noisy = NoisyHistogram(noiseMultiplier: sigma)
            .release(empty, for: .unrecorded(.test))
        let mean = noisy.reduce(0, +) / 200_000
        let variance = noisy.reduce(0) { $0 + $1 * $1 } / 200_000
        #expect(abs(mean) < 6 * sigma / 200_000.0.squareRoot())
        #expect(abs(variance / (sigma * sigma) - 1) < 6 * (2 / 200_000.0).squareRoot())
    }

    @Test func theNumberOfThreadsChangesNothing() async throws {
        let corpus = try PrivateCorpus.around(Self.modes, count: 300, spread: 0.5)
        var results: [[Individual<Point>]] = []
        for threads in [1, 2, 5] {
            let run = try ToyRun()
            let ledger = try run.openLedger(settings: Self.settings, noiseMultiplier: 3)
            let evolution = try run.evolution(
                Self.settings,
                noiseMultiplier: 3,
                threads: threads
            )
            results.append(try await evolution.run(on: corpus, ledger: ledger))
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test func settingsOutOfRangeAreRefused() {
        let broken: [(EvolutionSettings) -> EvolutionSettings] = [
            { $0.with(\.iterations, 0) }, { $0.with(\.count, 0) }, { $0.with(\.lookahead, -1) },
            { $0.with(\.neighborCount, 0) }, { $0.with(\.threshold, .nan) },
            { $0.with(\.variations, 1) }, { $0.with(\.classes, .weights([])) },
            { $0.with(\.degrees, VariationDegrees(first: 1.5, last: 0.1)) },
        ]
        for change in broken {
            #expect(throws: PrivateEvolutionError.self) { try change(Self.settings).validate() }
        }
        let original = Self.settings.with(\.selection, .sample).with(\.parents, .replaced)
            .with(\.variations, 1)
        #expect(throws: Never.self) { try original.validate() }
    }
}

extension EvolutionSettings {
    func with<Value>(_ path: WritableKeyPath<Self, Value>, _ value: Value) -> Self {
        var copy = self
        copy[keyPath: path] = value
        return copy
    }
}
