import Foundation
import LocalServer
import Testing

@testable import CompletionServer

/// What a client may cost, over real connections.
@Suite(.timeLimit(.minutes(2))) struct ServerLimitTests {
    private static let host = "HTTP/1.1\r\nHost: localhost\r\n"
    private static let list = "GET /v1/models \(host)\r\n"

    private static func post(_ body: String, _ fields: String = "") -> String {
        "POST /v1/completions \(host)\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func isAnswered(_ port: UInt16) async throws -> Bool {
        let client = try await RawClient(port: port)
        defer { client.close() }
        try await client.send(Self.post(#"{"max_tokens": 1}"#))
        return try await client.read(until: "choices").hasPrefix("HTTP/1.1 200 OK\r\n")
    }

    /// Waits for what must come, until the suite's time is over.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test(arguments: [
        ("GET /", "a", 414), ("\(list.dropLast(2))X: ", "x", 431),
        ("GET / \(host)", "A: b\r\n", 431),
        ("POST /v1/completions \(host)Content-Length: 1048577\r\n\r\n", "", 413),
        ("POST /v1/completions \(host)Transfer-Encoding: chunked\r\n\r\n100001\r\n", "", 413),
        ("POST /v1/completions \(host)Transfer-Encoding: chunked\r\n\r\n", "1;\(list)", 400),
        ("POST / \(host)Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "", 400),
        ("\u{16}\u{3}\u{1}\r\n\r\n", "", 400),
    ])
    func whatIsTooLongIsRefusedBeforeItsEnd(start: String, more: String, status: Int) async throws {
        try await withCompletionServer(limits: ServerLimits()) { server, _ in
            let client = try await RawClient(port: server.port)
            try await client.send(start)
            // Without an end: an answer shows that the server did not wait for it.
            for _ in 0..<(more.isEmpty ? 0 : 10) {
                try? await client.send(String(repeating: more, count: 4_096 / more.utf8.count))
            }
            #expect(try await client.readToEnd().hasPrefix("HTTP/1.1 \(status) "))
            #expect(try await isAnswered(server.port))
            client.close()
        }
    }

    @Test(arguments: [
        "GET /v1/mod", "GET / \(host)X: y\r\n", "POST / \(host)Content-Length: 5\r\n\r\n{",
        "POST / \(host)Transfer-Encoding: chunked\r\n\r\n2\r\n{",
    ])
    func whoIsTooSlowIsTold(start: String) async throws {
        var limits = ServerLimits()
        limits.headTime = .milliseconds(50)
        limits.bodyTime = .milliseconds(50)
        try await withCompletionServer(limits: limits) { server, _ in
            let client = try await RawClient(port: server.port)
            try await client.send(start)
            #expect(try await client.readToEnd().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            client.close()
            try await eventually { server.connectionCount == 0 }
        }
    }

    @Test func whoSaysNothingIsLetGo() async throws {
        var limits = ServerLimits()
        limits.idleTime = .milliseconds(500)
        try await withCompletionServer(limits: limits) { server, _ in
            let silent = try await RawClient(port: server.port)
            #expect(try await silent.readToEnd().isEmpty)
            let once = try await RawClient(port: server.port)
            try await once.send(Self.list)
            #expect(try await once.readToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await eventually { server.connectionCount == 0 }
            silent.close()
            once.close()
        }
    }

    /// Half-open requests keep nobody out, however many there are.
    @Test func whoWaitsLongestMakesRoom() async throws {
        var limits = ServerLimits()
        limits.connections = 3
        try await withCompletionServer(limits: limits) { server, _ in
            var halfOpen: [RawClient] = []
            for _ in 0..<8 {
                halfOpen.append(try await RawClient(port: server.port))
                try await halfOpen.last?.send("GET / HT")
            }
            #expect(try await isAnswered(server.port))
            for client in halfOpen.prefix(5) {
                #expect(try await client.readToEnd().isEmpty)
            }
            try await eventually { server.connectionCount <= 3 }
            halfOpen.forEach { $0.close() }
        }
    }

    @Test func whoIsAnsweredIsNotPutOutForOthers() async throws {
        var limits = ServerLimits()
        limits.connections = 1
        let model = TinyModel.make(contextLength: 8_192)
        try await withCompletionServer(model, limits: limits) { server, _ in
            let busy = try await RawClient(port: server.port)
            try await busy.send(HostileClients.endless(isStreamed: true))
            _ = try await busy.read(until: "data:")
            let refused = try await RawClient(port: server.port)
            let answer = try await refused.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.contains("Retry-After: 1\r\n") && answer.contains("too many"))
            #expect(try await busy.read(until: "data:").contains("data:"))
            busy.close()
            try await eventually { server.connectionCount == 0 }
            #expect(try await isAnswered(server.port))
            refused.close()
        }
    }

    /// What is asked for would take minutes; the next client is answered.
    @Test func whoHangsUpEndsTheDrawingOfAWholeAnswer() async throws {
        let model = TinyModel.make(contextLength: 8_192)
        try await withCompletionServer(model, limits: ServerLimits()) { server, _ in
            for _ in 0..<3 {
                let client = try await RawClient(port: server.port)
                try await client.send(HostileClients.endless(isStreamed: false))
                try await Task.sleep(for: .milliseconds(20))
                client.close()
            }
            #expect(try await isAnswered(server.port))
        }
    }

    @Test func whoReadsNothingIsLetGo() async throws {
        var limits = ServerLimits()
        limits.writeStallTime = .milliseconds(100)
        let model = TinyModel.make(contextLength: 8_192)
        try await withCompletionServer(model, limits: limits) { server, _ in
            let client = try await RawClient(port: server.port)
            // Answers of more than the buffers of both ends hold, to a client that does not look.
            let requests = String(repeating: Self.list, count: 200)
            for _ in 0..<300 {
                let sent: Void? = try? await withDeadline(.milliseconds(300)) {
                    try await client.send(requests)
                }
                guard sent != nil else { break }
            }
            try await eventually { server.connectionCount == 0 }
            #expect(try await isAnswered(server.port))
            client.close()
        }
    }

    @Test func requestsOfOneConnectionAreAnsweredInOrder() async throws {
        try await withCompletionServer(limits: ServerLimits()) { server, _ in
            let client = try await RawClient(port: server.port)
            let chunked =
                "POST /v1/completions \(Self.host)Transfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\n{\"n\r\nF\r\n\":2,\"stream\":1}\r\n0\r\nTrailer: x\r\n\r\n"
            try await client.send(
                Self.list + "\r\n" + chunked + "HEAD /v1/models \(Self.host)\r\n"
                    + Self.post(#"{"max_tokens": 1}"#, "Connection: close\r\n")
            )
            let answers = try await client.readToEnd()
            let statuses = answers.matches(of: /HTTP\/1\.1 (\d+)/).map(\.1)
            #expect(statuses == ["200", "400", "405", "200"])
            #expect(answers.contains("the value of stream cannot be used"))
            #expect(answers.contains("Connection: close\r\n") && answers.hasSuffix("}"))
            client.close()
        }
    }

    @Test func leaveToSendTheBodyIsGivenOrRefused() async throws {
        try await withCompletionServer(limits: ServerLimits()) { server, _ in
            let expect = "POST /v1/completions \(Self.host)Expect: 100-continue\r\nContent-Length: "
            let client = try await RawClient(port: server.port)
            try await client.send(expect + "2\r\n\r\n")
            #expect(try await client.read() == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("{}")
            #expect(try await client.read(until: "choices").hasPrefix("HTTP/1.1 200 OK"))
            let other = try await RawClient(port: server.port)
            try await other.send(expect + "9999999\r\n\r\n")
            #expect(try await other.readToEnd().hasPrefix("HTTP/1.1 413 "))
            client.close()
            other.close()
        }
    }

    /// A client of HTTP/1.0 knows no chunks: its events end with the connection.
    @Test func anOldClientReadsEventsToTheEnd() async throws {
        try await withCompletionServer(limits: ServerLimits()) { server, _ in
            let client = try await RawClient(port: server.port)
            let body = #"{"max_tokens": 3, "stream": true}"#
            try await client.send(
                Self.post(body).replacing("HTTP/1.1", with: "HTTP/1.0")
            )
            let answer = try await client.readToEnd()
            #expect(!answer.contains("chunked") && answer.hasSuffix("data: [DONE]\n\n"))
            client.close()
        }
    }

    @Test func anAttackEndsWithAnAnswer() async throws {
        var limits = ServerLimits()
        limits.connections = 16
        limits.headTime = .milliseconds(500)
        limits.bodyTime = .milliseconds(500)
        limits.lingerTime = .milliseconds(50)
        let model = TinyModel.make(contextLength: 8_192)
        try await withCompletionServer(model, limits: limits) { server, _ in
            await HostileClients.attack(
                port: server.port,
                count: 60,
                patience: .milliseconds(700)
            )
            #expect(try await isAnswered(server.port))
            try await eventually { server.connectionCount == 0 }
        }
    }
}
