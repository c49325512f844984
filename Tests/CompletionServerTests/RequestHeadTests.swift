import Testing

@testable import CompletionServer

/// Heads of requests, good and bad.
@Suite struct RequestHeadTests {
    private func head(_ text: String) throws -> RequestHead {
        try RequestHead(Array(text.replacing("\n", with: "\r\n").utf8)[...], limits: ServerLimits())
    }

    @Test func aHeadIsRead() throws {
        let head = try head(
            "POST http://localhost:1/v1/models?x=1 HTTP/1.1\nHOST: \tlocalhost:1 \nContent-Length: 12"
                + "\nAccept: a\naccept: b\nExpect: 100-Continue\nConnection: TE, Close"
        )
        #expect(head.method == "POST" && head.path == "/v1/models")
        #expect(head["host"] == "localhost:1" && head["accept"] == "a, b" && head["other"] == nil)
        #expect(head.bodyLength == .bytes(12) && head.waitsForLeave && head.takesChunks)
        #expect(!head.keepsAlive)
    }

    @Test(arguments: [
        ("1.1\nHost: a", true), ("1.1\nHost: a\nConnection: keep-alive", true),
        ("1.1\nHost: a\nConnection: close", false), ("1.0", false),
        ("1.0\nConnection: keep-alive", true),
    ])
    func aConnectionStaysAsItsVersionSays(rest: String, stays: Bool) throws {
        #expect(try head("GET / HTTP/" + rest).keepsAlive == stays)
    }

    @Test func aBodyInChunksHasNoLength() throws {
        let chunked = try head("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: Chunked")
        #expect(chunked.bodyLength == .chunks)
        #expect(try head("GET / HTTP/1.1\nHost: a").bodyLength == .bytes(0))
    }

    @Test(arguments: [
        ("", 400), ("GET /", 400), ("GET  / HTTP/1.1\nHost: a", 400), ("GET / HTTX/1.1", 400),
        ("G\u{1}T / HTTP/1.1\nHost: a", 400), ("GET x HTTP/1.1\nHost: a", 400),
        ("GET /é HTTP/1.1\nHost: a", 400), ("GET / HTTP/2.0\nHost: a", 505),
        ("GET / HTTP/1.1", 400), ("GET / HTTP/1.1\nHost: a\nHost: a", 400),
        ("GET / HTTP/1.1\nHost : a", 400), ("GET / HTTP/1.1\nHost: a\n folded", 400),
        ("GET / HTTP/1.1\nHost: a\nX: \u{0}", 400), ("GET / HTTP/1.1\nHost: a\n: x", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: -1", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: +1", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: 1, 1", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: 99999999999999999999", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 1", 400),
        ("GET / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked", 400),
        ("GET / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip", 501),
        ("GET / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked", 501),
        ("GET / HTTP/1.1\nHost: a\nExpect: tea", 417),
        ("GET /" + String(repeating: "a", count: 8_192) + " HTTP/1.1\nHost: a", 414),
        ("GET / HTTP/1.1\nHost: a" + String(repeating: "\nA: b", count: 100), 431),
    ])
    func whatCouldBeReadTwoWaysIsRefused(text: String, status: Int) {
        let refusal = #expect(throws: RequestRefusal.self) { try head(text) }
        #expect(refusal?.status.rawValue == status)
    }

    @Test func asManyFieldsAsMayBeAreRead() throws {
        let fields = String(repeating: "\nA: b", count: 99)
        #expect(try head("GET / HTTP/1.1\nHost: a" + fields)["a"]?.count == 99 * 3 - 2)
    }
}
