import FlyingFox
import Foundation
import LocalServer
@testable import PrivateEvolution
import Messages
import Synchronization
import Testing

@testable import CompletionServer

/// What the client does, and does not do, when an endpoint is not as it should be.
@Suite final class EndpointFailureTests: Sendable {
    private let clock = TestClock()
    private let told = Mutex<[EvolutionProgress]>([])

    private func configuration(_ url: URL) -> EndpointConfiguration {
        EndpointConfiguration(
            url: url,
            key: EndpointKey("sk-secret"),
            concurrency: 3,
            idleTimeout: 5,
            retries: RetryPolicy(attempts: 6)
        )
    }

    /// What a generator delivers for tasks without parents, or with that one.
    private func texts(
        _ configuration: EndpointConfiguration,
        _ count: Int,
        parent: String? = nil,
        prompts: EndpointPrompts = .continuing(model: "tiny"),
        tokenCount: (@Sendable (String) -> Int)? = nil
    ) async throws -> [String] {
        let results = Mutex<[Int: String]>([:])
        let progress = Mutex<[EvolutionProgress]>([])
        let generator = EndpointTextGenerator(
            configuration,
            prompts: prompts,
            labels: ["good"],
            maximumNewTokens: 20,
            tokenCount: tokenCount,
            clock: clock.clock,
            observe: { event in progress.withLock { $0.append(event) } }
        )
        defer { told.withLock { $0 = progress.withLock { $0 } } }
        try await generator.generate(
            (0..<count).map {
                GenerationTask(
                    number: $0,
                    classIndex: 0,
                    parent: parent,
                    degree: 0.5,
                    seed: UInt64($0)
                )
            }
        ) { number, text in results.withLock { $0[number] = text } }
        return results.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsNotFollowedAndTheKeyStaysWhereItBelongs(status: Int) async throws {
        let requests = Mutex(0)
        try await withServer(reading: { _ in
            requests.withLock { $0 += 1 }
            return HTTPResponse.completion("stolen")
        }) { elsewhere in
            try await withServer({ _ in
                HTTPResponse(
                    statusCode: HTTPStatusCode(status, phrase: "Elsewhere"),
                    headers: [.location: elsewhere.absoluteString + "/completions"]
                )
            }) { address in
                let error = await #expect(throws: PrivateEvolutionError.self) {
                    try await texts(configuration(address), 1)
                }
                #expect(error == .endpointRefused(url: address.absoluteString, status: status))
                #expect(error?.description.contains("redirect") == true)
            }
        }
        #expect(requests.withLock { $0 } == 0)
    }

    @Test func theKeyIsSentAsABearer() async throws {
        let keys = Mutex<Set<String?>>([])
        try await withServer(reading: { request in
            keys.withLock { _ = $0.insert(request.authorization) }
            return HTTPResponse.completion("text")
        }) { address in
            _ = try await texts(configuration(address), 2)
            #expect(keys.withLock { $0 } == ["Bearer sk-secret"])
            keys.withLock { $0 = [] }
            var open = configuration(address)
            open.key = nil
            _ = try await texts(open, 1)
            #expect(keys.withLock { $0 } == [nil])
        }
    }

    /// A body without an end is given up when it is too long, not when time is up.
    @Test(.timeLimit(.minutes(1))) func anEndlessAnswerIsGivenUpWhileItArrives() async throws {
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let piece = [UInt8](repeating: 0x20, count: 1 << 16)
        for _ in 0..<2 * EndpointClient.answerLimit / piece.count { continuation.yield(piece) }
        defer { continuation.finish() }
        try await withServer({ request in
            guard request == 0 else { return HTTPResponse.completion("text") }
            return HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: ByteChunks(stream)))
        }) { address in
            let texts = try await texts(configuration(address), 1)
            #expect(texts == ["text"])
            continuation.finish()
        }
        guard case .waiting(let reason, _)? = told.withLock({ $0.first }) else {
            Issue.record("nothing was said")
            return
        }
        #expect(reason.contains("longer than 4 MiB"))
    }

    @Test func whatAnEndpointAsksForIsWaitedForAndSaid() async throws {
        try await withServer({ request in
            guard request == 0 else { return HTTPResponse.completion("text") }
            var headers = HTTPHeaders()
            headers[HTTPHeader("Retry-After")] = "7"
            return HTTPResponse(statusCode: .tooManyRequests, headers: headers)
        }) { address in
            let texts = try await texts(configuration(address), 1)
            #expect(texts == ["text"])
        }
        #expect(clock.waits.count == 1)
        #expect(clock.waits.allSatisfy { $0 >= 7 && $0 <= 8.75 })
        guard case .waiting(let reason, let seconds)? = told.withLock({ $0.first }) else {
            Issue.record("nothing was said")
            return
        }
        #expect(reason.contains("429") && abs(seconds - clock.waits[0]) < 1e-6)
    }

    @Test func waitsDoubleWithJitterUpToTheLongest() async throws {
        try await withServer({ _ in HTTPResponse(statusCode: .badGateway) }) { address in
            var configuration = configuration(address)
            configuration.retries = RetryPolicy(attempts: 9, first: 1, longest: 60)
            await #expect(throws: PrivateEvolutionError.self) {
                try await texts(configuration, 1)
            }
        }
        #expect(clock.waits.count == 8)
        for (attempt, wait) in clock.waits.enumerated() {
            let longest = min(60, Double(1 << attempt))
            #expect(wait >= longest / 2 && wait <= longest, "attempt \(attempt): \(wait)")
        }
        #expect(Set(clock.waits.enumerated().map { $1 / Double(1 << $0) }).count == 8)
    }

    @Test func requestsBeginNoOftenerThanAllowed() async throws {
        try await withServer({ _ in HTTPResponse.completion("text") }) { address in
            var configuration = configuration(address)
            configuration.concurrency = 1
            configuration.requestsPerSecond = 4
            _ = try await texts(configuration, 5)
        }
        // The first begins at once.
        #expect(clock.waits.count == 4)
        #expect(clock.waits.allSatisfy { abs($0 - 0.25) < 1e-6 })
    }

    @Test(.timeLimit(.minutes(1))) func asManyRequestsAreUnderWayAsAllowedAndNoMore() async throws {
        let state = Mutex((now: 0, most: 0))
        try await withServer({ request in
            state.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            // The first three wait for each other; then any more would have time to show.
            while request < 3, state.withLock({ $0.most }) < 3 {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(50))
            state.withLock { $0.now -= 1 }
            return HTTPResponse.completion("text")
        }) { address in
            let texts = try await texts(configuration(address), 9)
            #expect(texts.count == 9)
        }
        #expect(state.withLock { $0.most } == 3)
    }

    /// What is kept of a parent and what is drawn are together no longer than a text may be.
    @Test func whatIsKeptIsPartOfTheLongestText() async throws {
        let asked = Mutex<[Int: ReceivedRequest.Body]>([:])
        try await withServer(reading: { request in
            asked.withLock { $0[request.number] = request.body }
            return HTTPResponse.completion(" more")
        }) { address in
            var configuration = configuration(address)
            configuration.concurrency = 1
            let count: @Sendable (String) -> Int = { $0.split(separator: " ").count }
            _ = try await texts(configuration, 1)
            _ = try await texts(configuration, 1, parent: "a b c d e f", tokenCount: count)
            _ = try await texts(configuration, 1, parent: "a b c d e f")
            let long = Array(repeating: "w", count: 60).joined(separator: " ")
            _ = try await texts(configuration, 1, parent: long, tokenCount: count)
        }
        let bodies = asked.withLock { $0 }
        #expect(bodies[0]?.max_tokens == 20 && bodies[0]?.top_k == 50)
        #expect(bodies[1]?.prompt == "good\n\na b c")
        #expect(bodies[1]?.max_tokens == 17)
        // 5 of 11 bytes are kept: without a count, ⌈20·5/11⌉ = 10 tokens.
        #expect(bodies[2]?.max_tokens == 10)
        #expect(bodies[3]?.max_tokens == 1)
    }

    /// Whatever contains the word is refused: less of the parent, then a fresh text takes its place.
    @Test(arguments: [400, 413, 422], [true, false])
    func aRefusedPromptIsDrawnAgain(status: Int, isWhole: Bool) async throws {
        let seeds = Mutex<[Int]>([])
        try await withServer(reading: { request in
            seeds.withLock { $0.append(request.body?.seed ?? -1) }
            let isRefused = request.body?.prompt?.contains("forbidden") ?? true
            return isRefused
                ? HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "No"))
                : HTTPResponse.completion("fresh")
        }) { address in
            var prompts = EndpointPrompts.continuing(model: "tiny")
            if isWhole { prompts.variation = ["In other words: {text}"] }
            let parent = "forbidden words are here"
            let texts = try await texts(
                configuration(address),
                1,
                parent: parent,
                prompts: prompts
            )
            #expect(texts == ["fresh"])
        }
        // All of four words change at ½ + ½·¾ of them: the fourth draw keeps none.
        #expect(seeds.withLock { $0.count } == (isWhole ? 5 : 4))
        #expect(seeds.withLock { Set($0).count } == (isWhole ? 5 : 4))
        #expect(told.withLock { $0.first } == .promptRefused(status: status))
        #expect(clock.waits.isEmpty)
    }

    @Test func anEndpointThatTakesNoPromptEndsWithAClearError() async throws {
        let requests = Mutex(0)
        try await withServer({ _ in
            requests.withLock { $0 += 1 }
            return HTTPResponse(statusCode: .badRequest)
        }) { address in
            let error = await #expect(throws: PrivateEvolutionError.self) {
                try await texts(configuration(address), 1, parent: "one two")
            }
            #expect(
                error
                    == .promptsRefused(url: address.absoluteString, status: 400, prompts: 8)
            )
            #expect(error?.description.contains("prompts") == true)
        }
        #expect(requests.withLock { $0 } == 8)
    }

    @Test(arguments: [401, 403, 404]) func aRefusalOfAllEndsAtOnce(status: Int) async throws {
        let requests = Mutex(0)
        try await withServer({ _ in
            requests.withLock { $0 += 1 }
            return HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "No"))
        }) { address in
            await #expect(
                throws: PrivateEvolutionError.endpointRefused(
                    url: address.absoluteString,
                    status: status
                )
            ) { try await texts(configuration(address), 1) }
        }
        #expect(requests.withLock { $0 } == 1)
    }
}
