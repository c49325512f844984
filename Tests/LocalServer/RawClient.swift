import FlyingSocks
import Foundation

/// A client that sends any bytes, well formed or not.
package struct RawClient: Sendable {
    /// What wakes all clients of this process.
    private static let pool = Task {
        let pool = SocketPool<ePoll>.ePoll()
        try await pool.prepare()
        Task { try await pool.run() }
        return pool
    }

    private let socket: AsyncSocket
    private let pool: SocketPool<ePoll>

    /// Connects to a port of this machine.
    package init(port: UInt16) async throws {
        pool = try await Self.pool.value
        socket = try await .connected(
            to: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
            pool: pool
        )
    }

    package func send(_ text: String) async throws { try await socket.write(Data(text.utf8)) }

    /// The next bytes; nil at the end of the connection.
    ///
    /// That is a reset where the server hangs up before it has read all that was sent.
    package func read() async throws -> String? {
        do {
            return String(decoding: try await socket.read(atMost: 4_096), as: UTF8.self)
        } catch SocketError.disconnected {
            return nil
        } catch SocketError.failed(_, ECONNRESET, _) { return nil }
    }

    /// All that comes until the connection ends.
    package func readToEnd() async throws -> String {
        var text = ""
        while let more = try await read() { text += more }
        return text
    }

    /// Reads until a text has come so many times, or the connection ends.
    package func read(until end: String, times: Int = 1) async throws -> String {
        var text = ""
        while text.ranges(of: end).count < times, let more = try await read() { text += more }
        return text
    }

    /// Hangs up at once or soon after; with unread bytes, as a reset.
    package func close() {
        Task { [pool, socket] in
            await pool.settle()
            try? socket.close()
        }
    }
}

extension SocketPool {
    /// Returns when the pool has forgotten whoever it woke so far: a descriptor that is closed before that
    /// leaves its number in the pool's list, and nobody who gets it next is woken.
    fileprivate func settle() {}
}
