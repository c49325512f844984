package import Foundation
import Synchronization

#if canImport(FoundationNetworking)
package import FoundationNetworking
#endif

/// Reads server-sent events while they arrive.
package final class EventClient: NSObject, URLSessionDataDelegate, Sendable {
    private let continuation: AsyncThrowingStream<String, any Error>.Continuation
    private let rest = Mutex<[UInt8]>([])

    private init(_ continuation: AsyncThrowingStream<String, any Error>.Continuation) {
        self.continuation = continuation
    }

    /// Asks for completions and returns the data of the events until the answer ends.
    ///
    /// Who stops reading hangs up.
    package static func events(_ address: URL, _ body: String) -> AsyncThrowingStream<
        String, any Error
    > {
        let (events, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
        var request = URLRequest(url: address.appendingPathComponent("completions"))
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        let session = URLSession(
            configuration: .ephemeral,
            delegate: EventClient(continuation),
            delegateQueue: nil
        )
        continuation.onTermination = { _ in session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        return events
    }

    package func urlSession(_: URLSession, dataTask _: URLSessionDataTask, didReceive data: Data) {
        rest.withLock { rest in
            rest += data
            while let end = rest.firstRange(of: Array("\n\n".utf8)) {
                let event = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                rest.removeSubrange(..<end.upperBound)
                continuation.yield(String(event.dropFirst("data: ".count)))
            }
        }
    }

    package func urlSession(
        _: URLSession,
        task _: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        continuation.finish(throwing: error)
    }
}
