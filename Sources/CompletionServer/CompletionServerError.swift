/// Why the server cannot run.
package enum CompletionServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The port cannot be had.
    case portUnavailable(port: UInt16)
    /// The system no longer tells which connections have something to read.
    case pollingFailed

    /// What, where, what to do.
    package var description: String {
        switch self {
        case .portUnavailable(let port):
            "port \(port) of 127.0.0.1 cannot be had. Choose another with --port, or 0 for any."
        case .pollingFailed: "the server's connections failed. Start it again."
        }
    }
}
