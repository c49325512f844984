import Foundation
import LocalServer

@testable import CompletionServer

/// Runs `body` against the completion server on a free port of 127.0.0.1.
func withCompletionServer<Result>(
    _ model: CompletionModel = TinyModel.make(),
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    try await withCompletionServer(model, limits: ServerLimits()) { try await body($1) }
}

/// Runs `body` against a server with limits.
func withCompletionServer<Result>(
    _ model: CompletionModel = TinyModel.make(),
    limits: ServerLimits,
    _ body: (_ server: CompletionServer, _ address: URL) async throws -> Result
) async throws -> Result {
    let server = try CompletionServer(model, port: 0, limits: limits)
    let task = Task { try await server.run() }
    defer { task.cancel() }
    let result = try await body(server, try URL(port: server.port))
    await server.stop()
    return result
}
