/// Why the server cannot run.
package enum CompletionServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The port cannot be had.
    case portUnavailable(port: UInt16)

    /// What, where, what to do.
    package var description: String {
        switch self {
        case .portUnavailable(let port):
            "port \(port) of 127.0.0.1 cannot be had. Choose another with --port, or 0 for any."
        }
    }
}
