import Foundation
import Testing

/// A model that `dpscribe serve` offers on a free port; it ends with the value.
final class ServedModel {
    /// The address under which completions are.
    let url: URL
    private let tool: RunningTool

    /// Starts serving a model folder, and waits until it does.
    init(_ model: String) throws {
        tool = try Tool.start(["serve", "--model", model, "--port", "0", "--json"])
        while tool.process.isRunning, !tool.outputSoFar.contains("\n") { usleep(10_000) }
        let place = try JSONSerialization.jsonObject(with: Data(tool.outputSoFar.utf8))
        let address = try #require((place as? [String: Any])?["url"] as? String)
        url = try #require(URL(string: address))
    }

    /// The server's.
    var processIdentifier: Int32 { tool.process.processIdentifier }

    deinit { tool.process.terminate() }

    /// Stops it.
    func stop() -> Tool.Outcome {
        tool.process.terminate()
        return tool.outcome()
    }
}
