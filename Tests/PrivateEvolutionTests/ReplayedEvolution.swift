import Corpus
import DifferentialPrivacy
import Foundation
import Messages

@testable import PrivateEvolution

/// A whole evolution under frozen noise, as the world and as the mechanism saw it.
struct ReplayedEvolution {
    /// What entered and left the mechanism: the class sizes, then the votes.
    let calls: [MechanismReplay.Call]
    /// Every progress, note, file name, size and public file.
    let visible: [String]

    static let rows = (0..<12).map { row in
        "a \(["red", "green", "blue"][row % 3]) thing \(row),\(["a", "b"][row % 2]),user\(row / 3)"
    }

    static let settings = EvolutionSettings(
        iterations: 2,
        count: 4,
        classes: .noisyHistogram(count: 2),
        variations: 3
    )

    /// What a folder's key file holds: the same in all runs, as it chooses among a user's records.
    private static let key = Result {
        let run = try ToyRun()
        _ = try LedgerDirectory(path: run.parent).makeFingerprintKey()
        return try Data(contentsOf: URL(filePath: run.parent + "/.key"))
    }

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - file: The corpus.
    ///   - calls: The mechanism's outputs to force.
    ///   - hasUsers: Whether users are the unit.
    /// - Throws: What the evolution throws.
    init(
        _ file: Data,
        forcing calls: [MechanismReplay.Call] = [],
        hasUsers: Bool
    ) async throws {
        let run = try ToyRun()
        try file.write(to: URL(filePath: run.parent + "/data.csv"))
        _ = FileManager.default.createFile(
            atPath: run.parent + "/.key",
            contents: try Self.key.get(),
            attributes: [.posixPermissions: 0o600]
        )
        let replay = MechanismReplay(forcing: calls)
        let path = run.path
        let parent = run.parent
        visible = try await MechanismReplay.$current.withValue(replay) {
            try await Self.visible(of: path, in: parent, hasUsers: hasUsers)
        }
        self.calls = replay.calls
    }

    /// Runs, and collects what the world sees.
    private static func visible(
        of path: String,
        in parent: String,
        hasUsers: Bool
    ) async throws -> [String] {
        let corpus = try TextCorpus.read(
            paths: [parent + "/data.csv"],
            columns: ColumnSelection(labels: ["topic"], user: hasUsers ? "user" : nil),
            labelValues: try LabelSet(columns: ["topic"], values: [["a", "b"]]),
            maxRecordsPerUser: 2,
            key: try LedgerDirectory(path: parent).makeFingerprintKey()
        )
        var request = TextEvolutionRequest(
            RunRequest(folder: path, product: "test", witness: .iterations),
            budget: .limited(epsilon: 4, delta: 1e-3),
            settings: settings,
            datasetSize: 12
        )
        request.run.insecureSeed = 3
        let evolution = try TextEvolution(
            request,
            corpus: corpus,
            generator: TextEvolutionTests.generator(corpus.classes),
            embedder: TextEvolutionTests.embedder
        )
        let progress = ProgressRecord()
        let outcome = try await evolution.run(
            parallel: TextEvolutionTests.parallel,
            observe: { progress.append("\($0)") }
        )
        let told =
            evolution.notes.map(\.description) + progress.sorted + [
                "\(outcome.guarantee) \(outcome.corpusEpsilon)"
            ]
        return try told + files(of: path)
    }

    /// Names and sizes of all files; contents where they hold what is released, digests left out.
    private static func files(of path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).sorted().flatMap { name in
            let file = path + "/" + name
            guard let data = FileManager.default.contents(atPath: file) else { return [name] }
            let line = "\(name) \(data.count)"
            let isPublic = ["candidates.jsonl", ".csv", "histogram.json", "classes.json"]
                .contains { name.hasSuffix($0) }
            guard isPublic || name == "evolution.json" else { return [line] }
            // Digests are keyed by the corpus; all else in these files must be the same.
            let text = String(decoding: data, as: UTF8.self)
            return [line, text.replacing(#/[0-9a-f]{64}/#, with: "digest")]
        }
    }

    /// How far each histogram moved before its noise, in units of the sensitivity that it assumes.
    func distances(to other: ReplayedEvolution) -> [Double] {
        zip(calls, other.calls).map { $0.distance(to: $1) }
    }
}
