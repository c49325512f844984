import Corpus
import Foundation
import Kernels
import LanguageModel
import TestData
import Testing

@testable import LabelProbe

@Suite struct LabelProbeFileTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/probe-" + UUID().uuidString

    private static func model(seed: UInt64) -> DecoderParameters {
        var generator = SeededGenerator(seed: seed)
        return DecoderParameters(
            initializing: DecoderConfiguration(
                vocabularySize: 13,
                contextLength: 12,
                width: 8,
                layerCount: 2,
                headCount: 2
            ),
            using: &generator
        )
    }

    /// A probe of a model with random weights, written into a folder of its own.
    private func written() throws -> LabelProbe {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let states = PooledStates(Self.model(seed: 1), tokenLimit: 6, beginningOfText: 12)
        let parallel = ParallelFor(threadCount: 1)
        let texts = (0..<40).map { text in
            (0..<5).map { place -> Int32 in Int32((text * 7 + place * text) % 12) }
        }
        var settings = LabelProbeSettings()
        settings.directions = 5
        let whitening = FeatureWhitening(
            of: .init(ofDrawn: texts, states: states, parallel: parallel),
            settings: settings
        )
        var classifier = LabelClassifier(inputCount: 6, labels: try ProbeFixtures.labels())
        for place in classifier.weights.indices {
            classifier.weights[place] = Double(place) / 8 - 1
        }
        let probe = LabelProbe(
            labels: try ProbeFixtures.labels(),
            states: states,
            whitening: whitening,
            classifier: classifier
        )
        try LabelProbeFile.write(probe, to: folder, isPrivate: true)
        return probe
    }

    private func read(seed: UInt64 = 1) throws -> LabelProbe? {
        try LabelProbeFile.read(
            from: folder,
            parameters: Self.model(seed: seed),
            beginningOfText: 12
        )
    }

    @Test func aProbeSurvivesItsFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let probe = try written()
        let found = try #require(try read())
        #expect(found.labels == probe.labels && found.whitening == probe.whitening)
        let texts: [[Int32]] = [[1, 2, 3], [], [5, 5, 5, 5, 5, 5, 5, 5, 5], [11]]
        let one = ParallelFor(threadCount: 1)
        let posteriors = found.posteriors(of: texts, parallel: one)
        #expect(posteriors == probe.posteriors(of: texts, parallel: one))
        // Whatever stands beside it.
        for (text, posterior) in zip(texts, posteriors) {
            #expect(found.posteriors(of: [text], parallel: one) == [posterior])
            for column in posterior.columns { #expect(abs(column.reduce(0, +) - 1) < 1e-12) }
        }
        #expect(posteriors == found.posteriors(of: texts, parallel: ParallelFor(threadCount: 3)))
    }

    @Test func aFolderWithoutOneHasNone() throws { #expect(try read() == nil) }

    @Test func everyDamageIsRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try written()
        #expect(throws: LabelProbeError.self) { try read(seed: 2) }
        for name in [LabelProbeFile.names.tensors, LabelProbeFile.names.description] {
            let url = URL(filePath: folder + "/" + name)
            let whole = try Data(contentsOf: url)
            for damaged in [Data(whole.dropLast()), whole + Data([0x7B]), Data()] {
                try damaged.write(to: url)
                #expect(throws: LabelProbeError.self, "\(name)") { try read() }
            }
            try FileManager.default.removeItem(at: url)
            if name == LabelProbeFile.names.tensors {
                #expect(throws: (any Error).self) { try read() }
            }
            try whole.write(to: url)
        }
        #expect(try read() != nil)
    }

    @Test func drawsFollowThePosterior() throws {
        let posterior = LabelProbe.Posterior(columns: [[0.2, 0.5, 0.3], [1, 0]])
        #expect(posterior.likeliest == [1, 0])
        #expect(
            posterior.probability(of: [2, 0]) == 0.3 && posterior.probability(of: [2, 1]) == 0
        )
        var generator = SeededGenerator(seed: 1)
        var counts = [0, 0, 0]
        for _ in 0..<20_000 {
            let values = posterior.drawn(using: &generator)
            #expect(values[1] == 0)
            counts[values[0]] += 1
        }
        // 20,000 draws: six standard deviations are 0.022.
        for (count, expected) in zip(counts, posterior.columns[0]) {
            #expect(abs(Double(count) / 20_000 - expected) < 0.022)
        }
    }
}
