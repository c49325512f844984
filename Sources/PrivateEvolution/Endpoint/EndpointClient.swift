import Foundation
import SeededRandomness
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Asks an OpenAI-compatible endpoint, as often as it takes.
///
/// | answer                                         | what follows                              |
/// | 200 with a text                                | the text                                  |
/// | 200 with anything else, an empty text          | asked again with another seed             |
/// | 408, 409, 425, 429, 5xx, no connection, stall  | asked again, after a wait (`Retry-After`) |
/// | 400, 413, 422                                  | `PromptRefused`: another prompt may do    |
/// | any other status, redirects among them         | `endpointRefused` at once                 |
///
/// As long as it was never reached, no connection is `endpointUnreachable` after a few attempts.
///
/// What is sent are prompts and candidates, public by construction; never private text.
struct EndpointClient: Sendable {
    /// The longest answer that is read, in bytes.
    static let answerLimit = 1 << 22

    /// The endpoint does not take this prompt: a filter, or its length.
    struct PromptRefused: Error { let status: Int }

    private let configuration: EndpointConfiguration
    private let session: EndpointSession
    private let pacer: RequestPacer
    private let clock: EndpointClock
    private let contact = EndpointContact()
    private let observe: @Sendable (EvolutionProgress) -> Void

    init(
        _ configuration: EndpointConfiguration,
        clock: EndpointClock = .continuous,
        observe: @escaping @Sendable (EvolutionProgress) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.clock = clock
        self.observe = observe
        session = EndpointSession(configuration)
        pacer = RequestPacer(requestsPerSecond: configuration.requestsPerSecond, clock: clock)
    }

    /// Why one attempt failed.
    private enum Failure: Error {
        case passing(reason: String, wait: Double?)
        case noConnection(reason: String)
        case refused(status: Int)
    }

    /// The text that the endpoint answers with.
    ///
    /// - Parameters:
    ///   - path: `completions` or `chat/completions`.
    ///   - seed: Where the jitter of waits starts.
    ///   - request: What to send on attempt n, from 0.
    /// - Returns: A text of more than white space.
    /// - Throws: `PrivateEvolutionError.endpointFailed`, `endpointUnreachable`, `endpointRefused`;
    ///   `PromptRefused`; `CancellationError`.
    func text(
        _ path: String,
        seed: UInt64,
        request: (_ attempt: Int) -> EndpointRequest
    ) async throws -> String {
        var jitter = SplitMix64(seed: seed)
        var attempt = 0
        while true {
            try await pacer.turn()
            let (reason, requested): (String, Double?)
            do {
                return try await attemptOnce(path, request(attempt))
            } catch Failure.refused(let status) {
                throw PrivateEvolutionError.endpointRefused(
                    url: configuration.shownURL,
                    status: status
                )
            } catch Failure.passing(let problem, let wait) {
                (reason, requested) = (problem, wait)
                try checkAttempts(attempt + 1, reason)
            } catch Failure.noConnection(let problem) {
                (reason, requested) = (problem, nil)
                try checkAttempts(attempt + 1, reason, isUnknown: !contact.isMade)
            }
            let seconds = configuration.retries.wait(
                afterAttempt: attempt,
                requested: requested,
                using: &jitter
            )
            observe(.waiting(reason: reason, seconds: seconds))
            try await clock.sleep(.seconds(seconds))
            attempt += 1
        }
    }

    /// Gives up after the last attempt, which comes sooner while it is unknown whether anybody is there.
    private func checkAttempts(
        _ attempts: Int,
        _ reason: String,
        isUnknown: Bool = false
    ) throws(PrivateEvolutionError) {
        let (url, retries) = (configuration.shownURL, configuration.retries)
        if isUnknown, attempts >= min(retries.firstContactAttempts, retries.attempts) {
            throw .endpointUnreachable(url: url, reason: reason, attempts: attempts)
        }
        if attempts >= retries.attempts {
            throw .endpointFailed(url: url, reason: reason, attempts: attempts)
        }
    }

    private func attemptOnce(_ path: String, _ body: EndpointRequest) async throws -> String {
        var request = URLRequest(url: configuration.url.appendingPathComponent(path))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key = configuration.key {
            request.setValue(key.authorization, forHTTPHeaderField: "Authorization")
        }
        request.httpBody = try JSONEncoder().encode(body)
        let (data, response) = try await send(request)
        guard let status = (response as? HTTPURLResponse)?.statusCode else {
            throw Failure.passing(reason: "the answer is not HTTP", wait: nil)
        }
        guard status == 200 else { throw Self.failure(status, response) }
        guard let text = (try? JSONDecoder().decode(EndpointReply.self, from: data))?.text else {
            throw Failure.passing(reason: "it answers with something else than text", wait: nil)
        }
        return text
    }

    private func send(_ request: URLRequest) async throws -> (Data, URLResponse) {
        do {
            let answer = try await session.exchange(request, answerLimit: Self.answerLimit)
            contact.make()
            return answer
        } catch is Exchange.AnswerTooLong {
            contact.make()
            throw Failure.passing(
                reason: "its answer is longer than \(Self.answerLimit >> 20) MiB",
                wait: nil
            )
        } catch {
            try Task.checkCancellation()
            switch (error as? URLError)?.code {
            case .timedOut: throw Failure.passing(reason: "it does not answer in time", wait: nil)
            case .cannotConnectToHost:
                throw Failure.noConnection(reason: "no connection, nothing listens there")
            case .cannotFindHost, .dnsLookupFailed:
                throw Failure.noConnection(reason: "no connection, there is no host of that name")
            default: throw Failure.passing(reason: "no connection", wait: nil)
            }
        }
    }

    private static func failure(_ status: Int, _ response: URLResponse) -> any Error {
        if [400, 413, 422].contains(status) { return PromptRefused(status: status) }
        let mayPass = [408, 409, 425, 429].contains(status) || (500...599).contains(status)
        guard mayPass else { return Failure.refused(status: status) }
        let header = (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Retry-After")
        return Failure.passing(
            reason: "it answers with status \(status)",
            wait: header.flatMap(Double.init)
        )
    }
}

/// The time that waits for an endpoint are measured by; tests have one of their own.
package struct EndpointClock: Sendable {
    /// What time it is.
    let now: @Sendable () -> ContinuousClock.Instant
    /// Returns after that long.
    let sleep: @Sendable (Duration) async throws -> Void

    /// The machine's.
    package static let continuous = EndpointClock(
        now: { ContinuousClock.now },
        sleep: { try await Task.sleep(for: $0) }
    )
}

/// Whether an endpoint was ever reached: then its address is right, and failures may pass.
final class EndpointContact: Sendable {
    private let state = Atomic(false)

    /// True from the first answer on, whatever it was.
    var isMade: Bool { state.load(ordering: .relaxed) }

    /// Takes note of an answer.
    func make() { state.store(true, ordering: .relaxed) }
}

/// Spaces out the beginnings of requests.
actor RequestPacer {
    private let interval: Duration
    private let clock: EndpointClock
    private var next: ContinuousClock.Instant

    /// Allows `rate` requests a second; any number without a rate.
    init(requestsPerSecond rate: Double?, clock: EndpointClock) {
        interval = rate.map { .seconds(1 / max($0, 1e-3)) } ?? .zero
        self.clock = clock
        next = clock.now()
    }

    /// Returns when the next request may begin.
    func turn() async throws {
        guard interval > .zero else { return }
        let now = clock.now()
        let start = max(next, now)
        next = start + interval
        if start > now { try await clock.sleep(start - now) }
    }
}
