import Corpus
import DifferentialPrivacy
import FlyingFox
import Foundation
import Kernels
import LanguageModel
import LocalServer
@testable import PrivateEvolution
import Messages
import Synchronization
import Testing

@testable import CompletionServer

/// A whole evolution against an endpoint that answers every request once in each bad way.
@Suite final class FaultyEndpointRunTests: Sendable {
    private static let parallel = ParallelFor(threadCount: 1)
    private static let iterations = 2
    private let folder = NSTemporaryDirectory() + "faulty-" + UUID().uuidString
    /// The seeds of the prompts that were answered with a text.
    private let answered = Mutex<[Int]>([])
    private let requests = Mutex(0)

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let rows = (0..<40).map { "record number \($0),\($0 % 2 == 0 ? "glad" : "sad")\n" }
        try Data(("text,mood\n" + rows.joined()).utf8)
            .write(to: URL(filePath: folder + "/data.csv"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var path: String { folder + "/runs/one" }

    /// Begins or continues the run.
    private func evolve(
        _ url: URL,
        model: String = "tiny",
        longest: Int = 8,
        embedder digest: [UInt8] = [1],
        resumes: Bool = true
    ) async throws -> TextEvolutionOutcome {
        try FileManager.default.createDirectory(
            atPath: folder + "/runs",
            withIntermediateDirectories: true
        )
        let corpus = try TextCorpus.read(
            paths: [folder + "/data.csv"],
            columns: ColumnSelection(labels: ["mood"]),
            labelValues: try LabelSet(columns: ["mood"], values: [["glad", "sad"]]),
            maxRecordsPerUser: 1,
            key: try LedgerDirectory(path: folder + "/runs").makeFingerprintKey()
        )
        var request = TextEvolutionRequest(
            RunRequest(folder: path, product: "test", witness: .iterations),
            budget: .limited(epsilon: 4, delta: 1e-3),
            settings: EvolutionSettings(
                iterations: Self.iterations,
                count: 6,
                classes: .noisyHistogram(count: 2),
                variations: 2
            )
        )
        request.run.resumes = resumes
        let generator = EndpointTextGenerator(
            EndpointConfiguration(
                url: url,
                concurrency: 2,
                idleTimeout: 1,
                retries: RetryPolicy(attempts: 3, first: 0.01, longest: 0.02)
            ),
            prompts: .continuing(model: model),
            labels: (0..<2).map { corpus.classes.line(ofClass: $0) },
            maximumNewTokens: longest
        )
        let embedder = HiddenStateEmbedder(
            TinyModel.parameters,
            modelName: "tiny",
            digest: digest,
            beginningOfText: TinyModel.tokenizer.endOfText,
            tokenize: { TinyModel.tokenizer.encode($0) }
        )
        return try await TextEvolution(
            request,
            corpus: corpus,
            generator: generator,
            embedder: embedder
        ).run(parallel: Self.parallel, observe: { _ in })
    }

    private func ledgerLines() throws -> Int {
        try String(contentsOfFile: path + "/ledger.jsonl", encoding: .utf8)
            .split(separator: "\n").count
    }

    private func answer(_ request: ReceivedRequest, failing: Bool) async throws -> HTTPResponse {
        let number = requests.withLock { count in
            defer { count += 1 }
            return count
        }
        // Every third request goes wrong; from the ninth on all do.
        let goesWrong = failing && (number % 3 == 2 || number >= 9)
        guard goesWrong else {
            answered.withLock { $0.append(request.body?.seed ?? -1) }
            return HTTPResponse.completion("text \(number)")
        }
        switch number {
        case 2: return HTTPResponse(statusCode: .tooManyRequests)
        case 5: return HTTPResponse(statusCode: .ok, body: Data("<html>".utf8))
        case 8:
            try await Task.sleep(for: .seconds(3))
            return HTTPResponse.completion("too late")
        default: return HTTPResponse(statusCode: .serviceUnavailable)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aRunAgainstAFaultyServerLosesNothingAndSpendsOnce() async throws {
        let isFailing = Mutex(true)
        try await withServer(reading: { [self] request in
            try await answer(request, failing: isFailing.withLock { $0 })
        }) { address in
            let error = await #expect(throws: PrivateEvolutionError.self) {
                try await evolve(address, resumes: false)
            }
            guard case .endpointFailed(_, _, 3)? = error else {
                Issue.record("ended with \(String(describing: error))")
                return
            }
            let first = answered.withLock { $0 }
            #expect(first.count == 6)
            // The header, and the sizes of the classes.
            #expect(try ledgerLines() == 2)

            isFailing.withLock { $0 = false }
            let outcome = try await evolve(address)
            #expect(outcome.guarantee.epsilon <= 4 && outcome.guarantee.epsilon > 3.99)
            let seeds = answered.withLock { $0 }
            // 12 fresh texts and a variation of each of 6 kept ones, each asked for once.
            #expect(seeds.count == 12 + 6 && Set(seeds).count == 18)
            // T votes, class sizes, header and end.
            #expect(try ledgerLines() == 1 + 1 + Self.iterations + 1)
            let rows = try String(contentsOfFile: path + "/synthetic.csv", encoding: .utf8)
            #expect(rows.split(separator: "\r\n").count == 7)
        }
    }

    @Test func anotherGeneratorOrEmbedderIsNoContinuation() async throws {
        let isFailing = Mutex(true)
        try await withServer({ _ in
            isFailing.withLock { $0 }
                ? HTTPResponse(statusCode: .serviceUnavailable) : HTTPResponse.completion("text")
        }) { address in
            await #expect(throws: PrivateEvolutionError.self) {
                try await evolve(address, resumes: false)
            }
            isFailing.withLock { $0 = false }
            let refusals = [
                await #expect(throws: RunError.self) { try await evolve(address, model: "other") },
                await #expect(throws: RunError.self) { try await evolve(address, longest: 9) },
                await #expect(throws: RunError.self) {
                    try await evolve(address.appending(path: "elsewhere"))
                },
            ]
            for refusal in refusals {
                #expect(refusal?.description.contains("what proposes texts (model or") == true)
                #expect(refusal?.description.contains("embedding") == false)
            }
            let refusal = await #expect(throws: RunError.self) {
                try await evolve(address, embedder: [2])
            }
            #expect(refusal?.description.contains("other settings: embedding.") == true)
            _ = try await evolve(address)
        }
    }
}
