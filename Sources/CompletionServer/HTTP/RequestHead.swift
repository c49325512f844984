import Foundation

/// The first line and the header fields of an HTTP request (RFC 9112, sections 3 to 6).
///
/// What two readers could understand differently is refused: folded lines, white space before a colon,
/// two lengths, two hosts.
struct RequestHead: Equatable, Sendable {
    /// How the end of the body is found.
    enum BodyLength: Equatable, Sendable {
        case bytes(Int)
        case chunks
    }

    let method: String
    /// Without the query, as it was sent.
    let path: String
    let bodyLength: BodyLength
    /// Whether the client takes another answer on this connection.
    let keepsAlive: Bool
    /// Whether it knows chunks, which came with HTTP/1.1.
    let takesChunks: Bool
    /// Whether it waits for leave to send the body.
    let waitsForLeave: Bool
    /// By name in lower case; fields that came more than once, joined by commas.
    private let fields: [String: String]

    subscript(field: String) -> String? { fields[field] }

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - bytes: All before the empty line.
    ///   - limits: How long it may be.
    /// - Throws: `RequestRefusal`.
    init(_ bytes: ArraySlice<UInt8>, limits: ServerLimits) throws(RequestRefusal) {
        var lines = Self.lines(bytes)
        let first = lines.isEmpty ? [] : lines.removeFirst()
        guard first.count <= limits.requestLineBytes else { throw .targetTooLong(limits) }
        guard lines.count <= limits.fieldCount else {
            throw RequestRefusal(
                .headTooLarge,
                "a request has at most \(limits.fieldCount) header fields"
            )
        }
        let start = try Self.requestLine(first)
        let fields = try Self.fields(lines)
        method = start.method
        path = start.path
        takesChunks = start.isLaterThan10
        guard !start.isLaterThan10 || fields["host"] != nil else {
            throw RequestRefusal(.badRequest, "a request names its host")
        }
        bodyLength = try Self.bodyLength(fields)
        waitsForLeave = try Self.waitsForLeave(fields)
        let connection = (fields["connection"] ?? "").lowercased()
            .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        keepsAlive =
            start.isLaterThan10
            ? !connection.contains("close") : connection.contains("keep-alive")
        self.fields = fields
    }

    /// Splits at line feeds; a carriage return before one belongs to it.
    private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }

    private static func requestLine(
        _ line: ArraySlice<UInt8>
    ) throws(RequestRefusal) -> (method: String, path: String, isLaterThan10: Bool) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].allSatisfy(isTokenByte), !parts[0].isEmpty,
            parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw RequestRefusal(.badRequest, "this is no HTTP request") }
        let version = String(decoding: parts[2], as: UTF8.self)
        guard version.hasPrefix("HTTP/") else {
            throw RequestRefusal(.badRequest, "this is no HTTP request")
        }
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw RequestRefusal(.versionNotSupported, "this server speaks HTTP/1.1")
        }
        let path = try path(String(decoding: parts[1], as: UTF8.self))
        return (String(decoding: parts[0], as: UTF8.self), path, version == "HTTP/1.1")
    }

    /// The path of a target, which may name the server, too (RFC 9112, section 3.2.2).
    private static func path(_ target: String) throws(RequestRefusal) -> String {
        var rest = Substring(target)
        if rest.lowercased().hasPrefix("http://") {
            let authority = rest.dropFirst("http://".count)
            rest = authority[(authority.firstIndex(of: "/") ?? authority.endIndex)...]
            if rest.isEmpty { rest = "/" }
        }
        guard rest.hasPrefix("/") || rest == "*" else {
            throw RequestRefusal(.badRequest, "the target of a request is a path")
        }
        return String(rest.prefix { $0 != "?" && $0 != "#" })
    }

    private static func fields(
        _ lines: [ArraySlice<UInt8>]
    ) throws(RequestRefusal) -> [String: String] {
        let single: Set = ["host", "content-length", "transfer-encoding", "expect"]
        var fields: [String: String] = [:]
        for line in lines {
            guard let (name, value) = field(line) else {
                throw RequestRefusal(.badRequest, "a header field is malformed")
            }
            guard let earlier = fields[name] else {
                fields[name] = value
                continue
            }
            guard !single.contains(name) else {
                throw RequestRefusal(.badRequest, "\(name) is there twice")
            }
            fields[name] = earlier + ", " + value
        }
        return fields
    }

    /// Nil if it is none: no colon, an empty name, white space in it or before it, control bytes.
    private static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = line[..<colon]
        let value = line[(colon + 1)...]
        guard !name.isEmpty, name.allSatisfy(isTokenByte),
            value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { return nil }
        return (
            String(decoding: name, as: UTF8.self).lowercased(),
            String(decoding: value, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        )
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func bodyLength(
        _ fields: [String: String]
    ) throws(RequestRefusal) -> BodyLength {
        let length = fields["content-length"]
        guard let encoding = fields["transfer-encoding"] else {
            guard let length else { return .bytes(0) }
            guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let count = Int(length)
            else { throw RequestRefusal(.badRequest, "Content-Length is no length") }
            return .bytes(count)
        }
        guard length == nil else {
            throw RequestRefusal(.badRequest, "a body has a length or comes in chunks, not both")
        }
        guard encoding.lowercased() == "chunked" else {
            throw RequestRefusal(.unknownCoding, "the only transfer encoding here is chunked")
        }
        return .chunks
    }

    private static func waitsForLeave(_ fields: [String: String]) throws(RequestRefusal) -> Bool {
        guard let expectation = fields["expect"] else { return false }
        guard expectation.lowercased() == "100-continue" else {
            throw RequestRefusal(.expectationFailed, "the only expectation here is 100-continue")
        }
        return true
    }
}

extension RequestRefusal {
    static func targetTooLong(_ limits: ServerLimits) -> RequestRefusal {
        RequestRefusal(
            .targetTooLong,
            "the first line of a request has at most \(limits.requestLineBytes) bytes"
        )
    }
}
