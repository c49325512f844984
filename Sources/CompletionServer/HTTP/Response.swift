import Foundation

/// What a request is answered with.
struct Response: Sendable {
    /// The status of an answer, with its number.
    enum Status: Int, Sendable {
        case ok = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case requestTimeout = 408
        case payloadTooLarge = 413
        case targetTooLong = 414
        case expectationFailed = 417
        case headTooLarge = 431
        case internalFault = 500
        case unknownCoding = 501
        case unavailable = 503
        case versionNotSupported = 505

        /// What HTTP calls it.
        var phrase: String {
            switch self {
            case .ok: "OK"
            case .badRequest: "Bad Request"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .requestTimeout: "Request Timeout"
            case .payloadTooLarge: "Content Too Large"
            case .targetTooLong: "URI Too Long"
            case .expectationFailed: "Expectation Failed"
            case .headTooLarge: "Request Header Fields Too Large"
            case .internalFault: "Internal Server Error"
            case .unknownCoding: "Unknown Transfer Coding"
            case .unavailable: "Service Unavailable"
            case .versionNotSupported: "HTTP Version Not Supported"
            }
        }
    }

    enum Body: Sendable {
        case bytes([UInt8])
        case events(EventStream)
    }

    var status: Status
    /// Beside those that say how long the answer is and whether the connection stays.
    var fields: [(name: String, value: String)]
    var body: Body

    /// An answer in JSON.
    static func json(_ status: Status, _ value: some Encodable) -> Response {
        // Values of these types always encode; an empty body would only be a worse message.
        let body = (try? encoder().encode(value)) ?? Data("{}".utf8)
        return Response(
            status: status,
            fields: [("Content-Type", "application/json")],
            body: .bytes(Array(body))
        )
    }

    /// What writes every answer: equal ones in equal bytes.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// The status line and the fields, to the empty line.
    ///
    /// - Parameters:
    ///   - isLast: Whether the connection is closed after it.
    ///   - isChunked: Whether events are sent in chunks; else they end with the connection.
    /// - Returns: What stands before the body.
    func head(isLast: Bool, isChunked: Bool) -> String {
        var lines = ["HTTP/1.1 \(status.rawValue) \(status.phrase)"]
        lines += fields.map { "\($0.name): \($0.value)" }
        switch body {
        case .bytes(let bytes): lines.append("Content-Length: \(bytes.count)")
        case .events: if isChunked { lines.append("Transfer-Encoding: chunked") }
        }
        lines.append("Connection: \(isLast ? "close" : "keep-alive")")
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// A request that is answered without being read to its end; the connection is closed after it.
struct RequestRefusal: Error, Equatable {
    let status: Response.Status
    let message: String

    init(_ status: Response.Status, _ message: String) {
        self.status = status
        self.message = message
    }
}
