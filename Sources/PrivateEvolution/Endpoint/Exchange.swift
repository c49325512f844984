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

/// Passes on what a session's tasks receive.
///
/// A redirect is not followed: Foundation would send all headers on to wherever it points, the key
/// among them. It is the answer.
final class ExchangeDelegate: NSObject, URLSessionDataDelegate, Sendable {
    private let exchanges = Mutex<[Int: Exchange]>([:])

    /// Knows an exchange before its task begins.
    func add(_ exchange: Exchange, task: Int) { exchanges.withLock { $0[task] = exchange } }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        exchanges.withLock { $0[dataTask.taskIdentifier] }?.receive(data)
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        exchange?.complete(task.response, error)
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// Sends requests to an endpoint: no cookies, no cache, no redirects.
struct EndpointSession: Sendable {
    private let session: URLSession
    private let exchanges = ExchangeDelegate()

    init(_ configuration: EndpointConfiguration) {
        let settings = URLSessionConfiguration.ephemeral
        settings.timeoutIntervalForRequest = configuration.idleTimeout
        settings.timeoutIntervalForResource = configuration.totalTimeout
        settings.httpMaximumConnectionsPerHost = configuration.concurrency
        settings.httpShouldSetCookies = false
        settings.urlCache = nil
        session = URLSession(configuration: settings, delegate: exchanges, delegateQueue: nil)
    }

    /// Sends a request and waits for its answer.
    ///
    /// Takes the place of `data(for:)`, which on Linux cannot be cancelled safely: it waits for the
    /// session's queue while it holds the Swift task's lock, and that queue may be waiting for the
    /// lock to hand over an answer; and cancelling a `URLSessionTask` that has just ended is a fatal
    /// error. An exchange that is cancelled, or whose answer is too long, is therefore let go of, not
    /// cancelled: nobody waits for it any more, what still comes is dropped, and it ends with its
    /// answer or with the session's time limits.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - answerLimit: The most bytes of an answer, which are counted as they arrive.
    /// - Returns: The answer; a redirect is one.
    /// - Throws: `URLError`; `Exchange.AnswerTooLong`; `CancellationError` once the Swift task is
    ///   cancelled.
    func exchange(_ request: URLRequest, answerLimit: Int) async throws -> (Data, URLResponse) {
        let exchange = Exchange(answerLimit: answerLimit)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard exchange.begin(continuation) else { return }
                let task = session.dataTask(with: request)
                exchanges.add(exchange, task: task.taskIdentifier)
                task.resume()
            }
        } onCancel: {
            exchange.end(throwing: CancellationError())
        }
    }
}
