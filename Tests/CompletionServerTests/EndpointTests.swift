import FlyingFox
import Foundation
import LocalServer
import Synchronization
import Testing

@testable import CompletionServer
@testable import PrivateEvolution

/// Private Evolution's client against real servers on this machine.
@Suite struct EndpointTests {
    static let quick = RetryPolicy(attempts: 4, first: 0.01, longest: 0.02, longestRequested: 0.3)

    static var retryAfter: HTTPHeaders {
        var headers = HTTPHeaders()
        headers[HTTPHeader("Retry-After")] = "0.05"
        return headers
    }

    func generator(_ url: URL, retries: RetryPolicy = quick, idleTimeout: Double = 5)
        -> EndpointTextGenerator
    {
        EndpointTextGenerator(
            EndpointConfiguration(
                url: url,
                key: EndpointKey("sk-secret"),
                concurrency: 3,
                idleTimeout: idleTimeout,
                retries: retries
            ),
            prompts: .continuing(model: "tiny"),
            labels: ["good", "bad"],
            maximumNewTokens: 8
        )
    }

    func tasks(_ count: Int, parent: String? = nil) -> [GenerationTask<String>] {
        (0..<count).map {
            GenerationTask(
                number: $0,
                classIndex: $0 % 2,
                parent: parent,
                degree: 0.5,
                seed: UInt64($0)
            )
        }
    }

    func run(_ generator: EndpointTextGenerator, _ tasks: [GenerationTask<String>]) async throws
        -> [Int: String]
    {
        let results = Mutex<[Int: String]>([:])
        try await generator.generate(tasks) { number, text in
            results.withLock { $0[number] = text }
        }
        return results.withLock { $0 }
    }

    @Test func ourOwnServerAnswersOurOwnClient() async throws {
        let results = try await withCompletionServer { address in
            try await run(generator(address), tasks(9))
        }
        #expect(results.keys.sorted() == Array(0..<9))
        #expect(results.values.allSatisfy { !$0.isEmpty })
    }

    @Test func variationsBeginWithWhatIsKept() async throws {
        let results = try await withServer({ _ in HTTPResponse.completion(" new end") }) {
            address in
            try await run(generator(address), tasks(2, parent: "one two three four"))
        }
        #expect(results == [0: "one two new end", 1: "one two new end"])
    }

    /// 16 bytes a token asked for are kept, whole characters; variations ask for less.
    @Test func answersThatIgnoreTheLimitAreCut() async throws {
        let long = String(repeating: "é猫 ", count: 12_500)
        let (fresh, varied) = try await withServer({ _ in HTTPResponse.completion("x" + long) }) {
            address in
            (
                try await run(generator(address), tasks(1)),
                try await run(generator(address), tasks(1, parent: "one two three four"))
            )
        }
        let text = try #require(fresh[0])
        #expect(text.utf8.count <= 8 * 16 && text.utf8.count > 8 * 16 - 4)
        #expect(("x" + long).hasPrefix(text))
        let variation = try #require(varied[0])
        #expect(variation.hasPrefix("one twox") && variation.utf8.count <= 7 + 4 * 16)
    }

    @Test func answersWithinTheLimitAreKeptAsTheyAre() async throws {
        let answer = String(repeating: "猫", count: 42)
        let results = try await withServer({ _ in HTTPResponse.completion(answer) }) { address in
            try await run(generator(address), tasks(1))
        }
        #expect(results[0] == answer)
    }

    /// Every other request goes wrong in another way; all texts arrive all the same.
    @Test func failuresGarbageAndRefusalsForNowAreAskedAgain() async throws {
        let results = try await withServer({ request in
            switch request {
            case 0: HTTPResponse(statusCode: .internalServerError)
            case 1: HTTPResponse(statusCode: .ok, body: Data("{garbage".utf8))
            case 2: HTTPResponse(statusCode: .ok, body: Data(#"{"choices": []}"#.utf8))
            case 3: HTTPResponse(statusCode: .tooManyRequests, headers: Self.retryAfter)
            case 4: HTTPResponse.completion(" \n ")
            default: HTTPResponse.completion("text")
            }
        }) { address in
            try await run(
                generator(address, retries: RetryPolicy(attempts: 8, first: 0.01, longest: 0.02)),
                tasks(6)
            )
        }
        #expect(results.count == 6)
        #expect(Set(results.values) == ["text"])
    }

    @Test func aStalledAnswerIsGivenUpAndAskedAgain() async throws {
        let results = try await withServer({ request in
            if request == 0 { try await Task.sleep(for: .seconds(20)) }
            return HTTPResponse.completion("text")
        }) { address in
            try await run(generator(address, idleTimeout: 1), tasks(2))
        }
        #expect(results.count == 2)
    }

    @Test func anEndpointThatKeepsFailingEndsWithAnErrorAndKeepsWhatCame() async throws {
        let kept = Mutex<[Int]>([])
        try await withServer({ request in
            request < 2
                ? HTTPResponse.completion("text") : HTTPResponse(statusCode: .serviceUnavailable)
        }) { address in
            await #expect {
                try await generator(address).generate(tasks(5)) { number, _ in
                    kept.withLock { $0.append(number) }
                }
            } throws: { error in
                guard case .endpointFailed(_, let reason, 4)? = error as? PrivateEvolutionError
                else { return false }
                return reason.contains("503") && !"\(error)".contains("secret")
            }
        }
        #expect(kept.withLock { $0.count } == 2)
    }

    @Test func whereNobodyListensThereIsAClearError() async throws {
        let nobody = try URL(port: 1)
        var patient = Self.quick
        patient.attempts = 50
        patient.firstContactAttempts = 3
        let error = await #expect(throws: PrivateEvolutionError.self) {
            try await run(generator(nobody, retries: patient), tasks(1))
        }
        guard case .endpointUnreachable(nobody.absoluteString, let reason, 3)? = error else {
            Issue.record("ended with \(String(describing: error))")
            return
        }
        #expect(reason.contains("nothing listens"))
    }

    /// An endpoint that has answered is waited for like any that fails for a while.
    @Test func whoWasThereIsAskedAsOftenAsEver() async throws {
        var patient = Self.quick
        patient.firstContactAttempts = 1
        let server = try CompletionServer(TinyModel.make(), port: 0)
        let serving = Task { try await server.run() }
        let address = try URL(port: server.port)
        let generator = generator(address, retries: patient)
        #expect(try await run(generator, tasks(1)).count == 1)
        await server.stop()
        serving.cancel()
        let error = await #expect(throws: PrivateEvolutionError.self) {
            try await run(generator, tasks(1))
        }
        guard case .endpointFailed(_, _, 4)? = error else {
            Issue.record("ended with \(String(describing: error))")
            return
        }
    }

    /// Answers that come while their tasks are cancelled: neither may wait for the other.
    @Test func cancellingWhileAnswersComeEnds() async throws {
        try await withServer({ _ in HTTPResponse.completion("text") }) { address in
            for round in 0..<200 {
                let work = Task { try await run(generator(address), tasks(6)) }
                try await Task.sleep(for: .microseconds(250 * (round % 40)))
                work.cancel()
                switch await work.result {
                case .success(let results): #expect(results.count == 6)
                case .failure(let error): #expect(error is CancellationError)
                }
            }
        }
    }
}
