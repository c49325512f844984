import Foundation

/// Clients that cost a server as much as they can.
package enum HostileClients {
    /// What one of them does.
    package enum Kind: CaseIterable, Sendable {
        case silent, slowHead, slowBody, hugeField, endlessHead, manyFields, longTarget, garbage
        case pipelined, reset, hangUp, hangUpStream, readsNothing, hugeLength, endlessChunks
    }

    private static let host = "Host: 127.0.0.1\r\n"
    private static let post = "POST /v1/completions HTTP/1.1\r\n" + host
    private static let list = "GET /v1/models HTTP/1.1\r\n" + host + "\r\n"

    /// Connects so many of them at once, kinds in turns; returns when all have ended.
    ///
    /// - Parameters:
    ///   - port: The server's.
    ///   - count: How many.
    ///   - patience: How long those stay that would stay for ever.
    package static func attack(port: UInt16, count: Int, patience: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                let kind = Kind.allCases[number % Kind.allCases.count]
                group.addTask {
                    guard let client = try? await RawClient(port: port) else { return }
                    // Being thrown out is what they are here for.
                    try? await act(kind, client, number, patience)
                    client.close()
                }
            }
        }
    }

    private static func act(
        _ kind: Kind,
        _ client: RawClient,
        _ number: Int,
        _ patience: Duration
    ) async throws {
        switch kind {
        case .silent: try await Task.sleep(for: patience)
        case .slowHead:
            try await client.send("GET /v1/models HTTP/1.1\r\nX")
            try await drip("-Y: z\r\nX", client, patience)
        case .slowBody:
            try await client.send(post + "Content-Length: 100000\r\n\r\n{")
            try await drip(" ", client, patience)
        case .hugeField: try await flood(list.dropLast(2) + "X: ", "x", client, 700)
        case .endlessHead: try await flood("GET / HTTP/1.1\r\n", "Name: value\r\n", client, 60)
        case .manyFields: try await flood("GET / HTTP/1.1\r\n", "A:\r\n", client, 8)
        case .longTarget: try await flood("GET /", "a", client, 100)
        case .garbage: try await flood("\u{16}\u{3}\u{1}\u{0}\n\n", "\u{7F}\n\u{0}é", client, 20)
        case .pipelined:
            try await client.send(String(repeating: list, count: 100))
            _ = try await client.read(until: "\"data\"", times: 100)
        case .reset:
            try await client.send(String(repeating: list, count: 20))
            try await Task.sleep(for: .milliseconds(number % 20))
        case .hangUp, .hangUpStream, .readsNothing:
            try await client.send(endless(isStreamed: kind != .hangUp))
            try await Task.sleep(for: kind == .readsNothing ? patience : .milliseconds(number % 50))
        case .hugeLength: try await client.send(post + "Content-Length: 99999999999\r\n\r\n{")
        case .endlessChunks:
            try await flood(
                post + "Transfer-Encoding: chunked\r\n\r\n",
                "1\r\n \r\n",
                client,
                2_000
            )
        }
    }

    /// A request whose answer takes minutes.
    package static func endless(isStreamed: Bool) -> String {
        let body =
            #"{"n": 128, "max_tokens": 4096, "temperature": 0, "stream": \#(isStreamed)}"#
        return post + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }

    /// Sends a piece ten times a second until it is thrown out or has no more patience.
    private static func drip(_ text: String, _ client: RawClient, _ patience: Duration) async throws
    {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            try await client.send(text)
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Sends a beginning, and then so many times 4 KiB of a text.
    private static func flood(
        _ start: String,
        _ text: String,
        _ client: RawClient,
        _ times: Int
    ) async throws {
        try await client.send(start)
        let piece = String(repeating: text, count: 4_096 / text.utf8.count)
        for _ in 0..<times { try await client.send(piece) }
        _ = try await client.readToEnd()
    }
}
