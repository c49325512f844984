import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
@testable import PrivateEvolution
import PrivateTraining
import Testing

@testable import CommandLineTool

/// The texts of an evolution, as a comparison finds them.
@Suite final class EvolutionTextsTests {
    private let parent = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    private var path: String { parent + "/run" }

    init() throws {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data("corpus".utf8).write(to: URL(filePath: parent + "/corpus.txt"))
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    /// A run of two iterations that has voted twice and kept one text each time.
    private func run() throws -> RunLife<EvolutionPlan> {
        let plan = try EvolutionPlan(
            settings: EvolutionSettings(iterations: 2, count: 1, classes: .weights([1])),
            unit: .record,
            budget: .limited(epsilon: 4, delta: 1e-3),
            unitCount: 40,
            sources: EvolutionSources(
                generator: ContentDigest(domain: "generator", fields: []),
                embedder: ContentDigest(domain: "embedder", fields: [])
            )
        )
        let request = RunRequest(folder: path, product: "test", witness: .iterations)
        let key = try request.directory.makeFingerprintKey()
        let run = try RunLife(
            beginning: plan,
            request,
            request.identity(),
            corpus: CorpusFingerprint(
                paths: [parent + "/corpus.txt"],
                columns: ["text"],
                key: key
            ),
            texts: SealedSketch(CorpusSketch(texts: [Array("corpus".utf8)], key: key), key: key)
        )
        let state = ContentDigest(domain: "state", fields: [])
        for iteration in 1...2 {
            _ = try run.ledger.reserve(
                release: "votes \(iteration)",
                event: plan.releaseEvent,
                state: state,
                environment: state
            )
            let votes = HistogramFile(
                counts: [1],
                noiseMultiplier: plan.noiseMultiplier,
                state: state,
                ledger: run.ledger.record.position
            )
            let place = try texts.folder.iteration(iteration)
            try texts.folder.writeJSON(votes, to: HistogramFile.name, in: place)
            try texts.write(Self.kept, ofIteration: iteration)
        }
        return run
    }

    private var texts: EvolutionTexts {
        get throws {
            EvolutionTexts(folder: EvolutionFolder(path: path), classes: try TextClasses(nil))
        }
    }

    private static let kept = [Individual(classIndex: 0, candidate: "a kept text")]

    private func compared(_ place: String) throws -> (epsilon: Double?, count: Int) {
        let texts = ComparisonTexts(columns: ColumnSelection())
        let text = ComparedText(name: "x", series: "x", path: path + place, stated: nil)
        let found = try texts.synthetic(text)
        return (found.claim?.epsilon, found.set.texts.count)
    }

    @Test func everyIterationHasTheGuaranteeOfTheRunOnceItIsFinished() throws {
        let run = try run()
        for place in ["/iteration-001", "/iteration-002/synthetic.csv"] {
            let unfinished = try compared(place)
            #expect(unfinished.epsilon == nil && unfinished.count == 1)
        }
        try texts.write(Self.kept)
        let manifest = try run.finish(steps: 2, releasing: [EvolutionFolder.textName])
        let epsilon = try #require(manifest.guarantee?.epsilon)
        #expect(epsilon > 3.99 && epsilon <= 4)
        let beside = try #require(try Provenance(of: path, checkedBy: .allRuns))
        try beside.write(besideTextsOf: path, iterations: 2)
        for place in [
            "", "/synthetic.csv", "/iteration-001", "/iteration-001/synthetic.csv",
            "/iteration-002", "/iteration-002/synthetic.csv",
        ] {
            #expect(try compared(place).epsilon == epsilon, "\(place)")
        }
        // A text that was changed since is not taken for the run's, however often that is asked.
        let changed = URL(filePath: path + "/iteration-001/synthetic.csv")
        try (Data(contentsOf: changed) + Data("another\r\n".utf8)).write(to: changed)
        try beside.write(besideTextsOf: path, iterations: 2)
        #expect(try compared("/iteration-001").epsilon == nil)
        #expect(try compared("/iteration-002").epsilon == epsilon)
    }
}
