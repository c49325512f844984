import Corpus
import FlyingSocks
import Foundation
import Kernels
import LanguageModel
import LocalServer
import SeededRandomness
import Synchronization

@testable import CompletionServer
@testable import PrivateEvolution

/// Runs `body` against the completion server on a free port of 127.0.0.1.
func withCompletionServer<Result>(
    _ model: CompletionModel = TinyModel.make(),
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    try await withCompletionServer(model, limits: ServerLimits()) { try await body($1) }
}

/// Runs `body` against a server with limits.
func withCompletionServer<Result>(
    _ model: CompletionModel = TinyModel.make(),
    limits: ServerLimits,
    _ body: (_ server: CompletionServer, _ address: URL) async throws -> Result
) async throws -> Result {
    let server = try CompletionServer(model, port: 0, limits: limits)
    let task = Task { try await server.run() }
    defer { task.cancel() }
    let result = try await body(server, try URL(port: server.port))
    await server.stop()
    return result
}

/// A random model of byte tokens: what it writes is noise, how it is served is not.
enum TinyModel {
    static let tokenizer = BytePairTrainer(vocabularySize: BytePairTrainer.smallestVocabulary)
        .tokenizer()

    static let parameters = parameters(contextLength: 64)

    private static func parameters(contextLength: Int) -> DecoderParameters {
        let configuration = DecoderConfiguration(
            vocabularySize: tokenizer.vocabularySize,
            contextLength: contextLength,
            width: 16,
            layerCount: 1,
            headCount: 2
        )
        var generator = SplitMix64(seed: 7)
        return DecoderParameters(initializing: configuration, using: &generator)
    }

    static func make(
        _ tokenizer: BytePairTokenizer = tokenizer,
        contextLength: Int = 64
    ) -> CompletionModel {
        CompletionModel(
            name: "tiny",
            generator: TextGenerator(
                contextLength == 64 ? parameters : parameters(contextLength: contextLength),
                batchSize: 4,
                parallel: ParallelFor(threadCount: 1)
            ),
            tokenizer: tokenizer,
            contextLength: contextLength
        )
    }
}

/// Pieces of bytes as the buffered sequence that the HTTP library sends, one piece a chunk.
struct ByteChunks<Base: AsyncSequence & Sendable>: AsyncBufferedSequence, Sendable
where Base.Element == [UInt8] {
    typealias Element = UInt8

    private let pieces: Base

    init(_ pieces: Base) { self.pieces = pieces }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        private var pieces: Base.AsyncIterator
        private var rest: ArraySlice<UInt8> = []

        init(pieces: Base.AsyncIterator) { self.pieces = pieces }

        mutating func next() async throws -> UInt8? {
            try await fill()
            return rest.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            try await fill()
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        private mutating func fill() async throws {
            if rest.isEmpty { rest = (try await pieces.next() ?? [])[...] }
        }
    }
}

/// Time that passes only where somebody waits for it.
final class TestClock: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var waits: [Double] = []
    }

    private let state = Mutex(State())

    /// All waits so far, in seconds.
    var waits: [Double] { state.withLock { $0.waits } }

    var clock: EndpointClock {
        EndpointClock(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.waits.append(duration / .seconds(1))
                }
            }
        )
    }
}
