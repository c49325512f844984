/// What one client may cost the server: bytes, and time to wait for it.
package struct ServerLimits: Sendable {
    /// Connections at a time.
    ///
    /// One more takes the place of the one that has waited longest without a
    /// whole request; if all have one, it is told 503.
    package var connections = 128
    /// The first line of a request; longer ones are told 414.
    package var requestLineBytes = 8_192
    /// First line and header fields together; longer ones are told 431.
    package var headBytes = 32_768
    /// Header fields, and trailer fields after a body in chunks; more are told 431.
    package var fieldCount = 100
    /// The body; longer ones are told 413.
    package var bodyBytes = 1 << 20
    /// From the end of an answer, or the connection, to the first byte of a request.
    package var idleTime = Duration.seconds(60)
    /// From the first byte of a request to the end of its header fields; who is slower is told 408.
    package var headTime = Duration.seconds(10)
    /// From there to the end of the body; who is slower is told 408.
    package var bodyTime = Duration.seconds(30)
    /// Without a byte of an answer taken by the client.
    package var writeStallTime = Duration.seconds(30)
    /// For a client that is refused to take note of it, before its connection is closed.
    package var lingerTime = Duration.seconds(1)

    /// The limits of `dpscribe serve`.
    package init() {}
}
