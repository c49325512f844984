import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension URLSession {
    /// Sends a request and waits for its answer.
    ///
    /// Takes the place of `data(for:)`, which on Linux cannot be cancelled safely: it waits for the
    /// session's queue while it holds the Swift task's lock, and that queue may be waiting for the
    /// lock to hand over an answer; and cancelling a `URLSessionTask` that has just ended is a fatal
    /// error. A cancelled exchange is therefore let go of, not cancelled: nobody waits for it any
    /// more, and it ends with its answer or with the session's time limits.
    ///
    /// - Throws: `URLError`; `CancellationError` once the Swift task is cancelled.
    func exchange(_ request: URLRequest) async throws -> (Data, URLResponse) {
        let exchange = Exchange()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard exchange.begin(continuation) else { return }
                dataTask(with: request) { data, response, error in
                    guard let data, let response else {
                        exchange.end(.failure(error ?? URLError(.unknown)))
                        return
                    }
                    exchange.end(.success((data, response)))
                }.resume()
            }
        } onCancel: {
            exchange.end(.failure(CancellationError()))
        }
    }
}

/// One request and whoever waits for its answer; the first end counts.
private final class Exchange: Sendable {
    typealias Answer = (Data, URLResponse)

    private enum State {
        case new
        case waiting(CheckedContinuation<Answer, any Error>)
        case ended
    }

    private let state = Mutex(State.new)

    /// Whether there is still something to wait for; if not, the continuation has been resumed.
    func begin(_ continuation: CheckedContinuation<Answer, any Error>) -> Bool {
        let isNew = state.withLock { state in
            guard case .new = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isNew { continuation.resume(throwing: CancellationError()) }
        return isNew
    }

    /// Hands the result to whoever waits; later ones are dropped.
    func end(_ result: sending Result<Answer, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, any Error>? in
            defer { state = .ended }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(with: result)
    }
}
