import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

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
