import Foundation
import LocalServer

@testable import CompletionServer

/// Runs `body` against the completion server on a free port of 127.0.0.1.
func withCompletionServer<Result>(
    _ model: CompletionModel = TinyModel.make(),
    _ body: (_ address: URL) async throws -> Result
) async throws -> Result {
    let server = try await CompletionServer(model, port: 0)
    let task = Task { try await server.run() }
    defer { task.cancel() }
    let port = try await server.listeningPort()
    let result = try await body(try URL(port: port))
    await server.stop()
    return result
}
