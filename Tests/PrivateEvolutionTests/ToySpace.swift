import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Synchronization
import TestData

@testable import PrivateEvolution

/// A point of the plane as a candidate.
struct Point: Codable, Hashable, Sendable {
    var x: Float
    var y: Float

    func distance(to other: Point) -> Float {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}

/// Fresh points are uniform in a square; variations move a point by up to 2·degree.
final class PointGenerator: CandidateGenerator {
    struct Failure: Error {}

    let fingerprint = Array("points".utf8)
    let remaining: Mutex<Int>
    let calls = Mutex(0)

    /// Fails after `limit` candidates, if one is given.
    init(failingAfter limit: Int = .max) { remaining = Mutex(limit) }

    func generate(
        _ tasks: [GenerationTask<Point>],
        deliver: @Sendable (Int, Point) throws -> Void
    ) async throws {
        // Backwards: the order of delivery must not matter.
        for task in tasks.reversed() {
            let mayGoOn = remaining.withLock {
                $0 -= 1
                return $0 >= 0
            }
            guard mayGoOn else { throw Failure() }
            calls.withLock { $0 += 1 }
            var generator = SeededGenerator(seed: task.seed)
            let reach = Float(2 * task.degree)
            let point =
                task.parent.map {
                    Point(
                        x: $0.x + .random(in: -reach...reach, using: &generator),
                        y: $0.y + .random(in: -reach...reach, using: &generator)
                    )
                }
                ?? Point(
                    x: .random(in: -10...10, using: &generator),
                    y: .random(in: -10...10, using: &generator)
                )
            try deliver(task.number, point)
        }
    }
}

/// A point is its own embedding.
struct PointEmbedder: CandidateEmbedder {
    var fingerprint = Array("identity".utf8)

    func embed(_ candidates: [Point], parallel: ParallelFor) throws -> Embeddings {
        Embeddings(
            values: FloatBuffer(candidates.flatMap { [$0.x, $0.y] }),
            count: candidates.count,
            dimension: 2
        )
    }
}

/// A run folder in a temporary place, removed at the end.
struct ToyRun: ~Copyable {
    let parent: String
    var path: String { parent + "/run" }

    init() throws {
        parent = NSTemporaryDirectory() + "evolution-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data("corpus".utf8).write(to: URL(fileURLWithPath: parent + "/corpus.txt"))
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    /// The ledger of a new run, or that of the run that is there.
    func openLedger(
        settings: EvolutionSettings,
        noiseMultiplier: Double,
        seed: UInt64 = 1,
        files: any FileOperations = SystemFiles()
    ) throws -> PrivacyLedger {
        let folder = RunFolder(path: path, files: files)
        if let ledger = try folder.resume(covering: nil, epsilon: { _, _ in 0 }) { return ledger }
        let key = try LedgerDirectory(path: parent, files: files).makeFingerprintKey()
        let secret = RunSecret.insecure(seed: seed)
        let event: PrivacyEvent =
            noiseMultiplier > 0 ? .gaussian(noiseMultiplier: noiseMultiplier) : .nonPrivate
        let header = LedgerHeader(
            product: "test",
            method: .evolve,
            runIdentifier: secret.makeRunIdentifier(),
            corpus: try CorpusFingerprint(
                paths: [parent + "/corpus.txt"],
                columns: ["text"],
                key: key
            ),
            isInsecure: true,
            promise: LedgerPromise(
                unit: .record,
                relation: .addOrRemoveOne,
                budget: noiseMultiplier > 0 ? .limited(epsilon: 1, delta: 1e-5) : .unlimited,
                planned: [PlannedSpending(event: event, count: settings.releaseCount)]
            )
        )
        return try folder.create(secret: secret, header: header, epsilon: { _, _ in 0 })
    }

    func evolution(
        _ settings: EvolutionSettings,
        noiseMultiplier: Double,
        generator: PointGenerator = PointGenerator(),
        embedder: PointEmbedder = PointEmbedder(),
        corpus: String = "test-corpus",
        machine: ComputingMachine = .imagined,
        files: any FileOperations = SystemFiles(),
        threads: Int = 2
    ) throws -> PrivateEvolution<PointGenerator, PointEmbedder> {
        try PrivateEvolution(
            settings: settings,
            noiseMultiplier: noiseMultiplier,
            generator: generator,
            embedder: embedder,
            folder: EvolutionFolder(path: path, files: files),
            corpus: ContentDigest(domain: corpus, fields: []),
            machine: machine,
            parallel: ParallelFor(threadCount: threads)
        )
    }

    /// The candidates on disk, byte for byte, and the noisy counts, by relative path.
    func released() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let url = URL(fileURLWithPath: path + "/" + name)
            if name.hasSuffix("candidates.jsonl") || name.hasSuffix("lookahead.jsonl") {
                files[name] = try Data(contentsOf: url)
            } else if name.hasSuffix("histogram.json") {
                let counts = try JSONDecoder().decode(
                    HistogramFile.self,
                    from: Data(contentsOf: url)
                ).counts
                files[name] = try JSONEncoder().encode(counts)
            }
        }
        return files
    }
}

extension PrivateCorpus {
    /// `count` points around each mode; the class of a point is that of its mode.
    static func around(_ modes: [Point], count: Int, spread: Float) throws -> PrivateCorpus {
        var generator = SeededGenerator(seed: 99)
        let points = modes.flatMap { mode in
            (0..<count).map { _ in
                Point(
                    x: mode.x + .random(in: -spread...spread, using: &generator),
                    y: mode.y + .random(in: -spread...spread, using: &generator)
                )
            }
        }
        return PrivateCorpus(
            embeddings: try PointEmbedder().embed(points, parallel: ParallelFor(threadCount: 1)),
            classOfRecord: modes.indices.flatMap { Array(repeating: $0, count: count) },
            classCount: modes.count
        )
    }
}

extension EvolutionSources {
    /// A generator and an embedder that no other run has.
    static let test = EvolutionSources(
        generator: ContentDigest(domain: "generator", fields: []),
        embedder: ContentDigest(domain: "embedder", fields: [])
    )
}

extension StepKey {
    /// The key of a release that no ledger knows.
    static var test: StepKey {
        let nothing = ContentDigest(domain: "test", fields: [])
        return StepKey(
            secret: .insecure(seed: 4),
            inputs: StepInputs(
                runIdentifier: "test",
                label: "votes",
                state: nothing,
                environment: nothing
            )
        )
    }
}

extension ComputingMachine {
    /// No real one, so that a test draws the same noise in every build on every machine.
    static let imagined: ComputingMachine = {
        var machine = ComputingMachine(isPrivate: false)
        machine.coreName = "core"
        machine.buildDescription = "build"
        machine.instructionSet = "instructions"
        machine.executable = "executable"
        return machine
    }()
}
