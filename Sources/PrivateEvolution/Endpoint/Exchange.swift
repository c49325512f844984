import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One request and whoever waits for its answer; the first end counts.
final class Exchange: Sendable {
    typealias Answer = (Data, URLResponse)

    /// An answer is longer than what is read of one.
    struct AnswerTooLong: Error {}

    private enum State {
        case new
        case waiting(CheckedContinuation<Answer, any Error>, body: Data)
        case ended
    }

    private let state = Mutex(State.new)
    private let answerLimit: Int

    /// - `answerLimit`: The most bytes that are kept of an answer.
    init(answerLimit: Int) { self.answerLimit = answerLimit }

    /// Whether there is still something to wait for; if not, the continuation has been resumed.
    func begin(_ continuation: CheckedContinuation<Answer, any Error>) -> Bool {
        let isNew = state.withLock { state in
            guard case .new = state else { return false }
            state = .waiting(continuation, body: Data())
            return true
        }
        if !isNew { continuation.resume(throwing: CancellationError()) }
        return isNew
    }

    /// Keeps a part of the answer; one that is too long ends the exchange.
    func receive(_ data: Data) {
        let isTooLong = state.withLock { state in
            guard case .waiting(let continuation, var body) = state else { return false }
            guard data.count <= answerLimit - body.count else { return true }
            // Only one reference while it grows, or each part would copy all before it.
            state = .ended
            body.append(data)
            state = .waiting(continuation, body: body)
            return false
        }
        if isTooLong { end(throwing: AnswerTooLong()) }
    }

    /// The answer is complete, or will never be.
    func complete(_ response: URLResponse?, _ error: (any Error)?) {
        guard let response, error == nil else { return end(throwing: error ?? URLError(.unknown)) }
        guard let (continuation, body) = takeWaiting() else { return }
        continuation.resume(returning: (body, response))
    }

    /// Hands an error to whoever waits; what comes later is dropped.
    func end(throwing error: any Error) { takeWaiting()?.0.resume(throwing: error) }

    private func takeWaiting() -> (CheckedContinuation<Answer, any Error>, Data)? {
        state.withLock { state in
            defer { state = .ended }
            guard case .waiting(let continuation, let body) = state else { return nil }
            return (continuation, body)
        }
    }
}
