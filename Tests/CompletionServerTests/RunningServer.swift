import FlyingFox
import FlyingSocks
import Foundation

@testable import CompletionServer

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Runs `body` against the completion server on a free port of 127.0.0.1.
func withCompletionServer<Result>(
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    let server = try await CompletionServer(TinyModel.make(), port: 0)
    let task = Task { try await server.run() }
    defer { task.cancel() }
    let port = try await server.listeningPort()
    let result = try await body(try URL(port: port))
    await server.stop()
    return result
}

/// Runs `body` against a server that answers as `answer` says, by the number of the request.
@discardableResult
func withServer<Result>(
    _ answer: @escaping @Sendable (_ request: Int) async throws -> HTTPResponse,
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    let counter = RequestCounter()
    let server = HTTPServer(
        address: try .inet(ip4: "127.0.0.1", port: 0),
        timeout: 60,
        logger: .disabled,
        handler: ClosureHTTPHandler { request in
            // Reads the body, as a server would.
            _ = try await request.bodyData
            return try await answer(counter.next())
        }
    )
    let task = Task { try await server.run() }
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

extension URL {
    init(port: UInt16) throws {
        guard let url = URL(string: "http://127.0.0.1:\(port)/v1") else {
            throw URLError(.badURL)
        }
        self = url
    }
}
