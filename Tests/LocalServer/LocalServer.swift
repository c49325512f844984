package import FlyingFox
import FlyingSocks
package import Foundation

/// Runs `body` against a server that answers as `answer` says, by the number of the request.
@discardableResult
package func withServer<Result>(
    _ answer: @escaping @Sendable (_ request: Int) async throws -> HTTPResponse,
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    try await withServer(reading: { try await answer($0.number) }, body)
}

/// Runs `body` against a server that answers as `answer` says.
@discardableResult
package func withServer<Result>(
    reading answer: @escaping @Sendable (ReceivedRequest) async throws -> HTTPResponse,
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    let counter = RequestCounter()
    let server = HTTPServer(
        address: try .inet(ip4: "127.0.0.1", port: 0),
        timeout: 60,
        logger: .disabled,
        handler: ClosureHTTPHandler { request in
            let body = try await request.bodyData
            return try await answer(
                ReceivedRequest(
                    number: counter.next(),
                    authorization: request.headers[.authorization],
                    body: try? JSONDecoder().decode(ReceivedRequest.Body.self, from: body)
                )
            )
        }
    )
    // Tests that wait for a process hold the threads of their priority.
    let task = Task(priority: .high) { try await server.run() }
    defer { task.cancel() }
    try await server.waitUntilListening(timeout: 30)
    guard case .ip4(_, let port)? = await server.listeningAddress else {
        throw URLError(.cannotConnectToHost)
    }
    return try await body(try URL(port: port))
}

/// Numbers requests from 0.
actor RequestCounter {
    private var count = 0

    func next() -> Int {
        defer { count += 1 }
        return count
    }
}
