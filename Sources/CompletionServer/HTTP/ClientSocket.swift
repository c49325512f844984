import FlyingSocks
import Foundation

/// One client's connection: requests in, answers out, both within limits.
///
/// One task reads at a time. What came beyond a request is kept for the next one.
actor ClientSocket {
    private let socket: AsyncSocket
    private let pool: SocketPool<ePoll>
    private let limits: ServerLimits
    private var bytes: [UInt8] = []
    /// Where in `bytes` that begins which was not taken yet.
    private var place = 0

    init(_ socket: AsyncSocket, pool: SocketPool<ePoll>, limits: ServerLimits) {
        self.socket = socket
        self.pool = pool
        self.limits = limits
    }

    // MARK: Requests

    /// Waits for the first byte of a request.
    func waitForRequest() async throws {
        while true {
            // Empty lines between requests are passed over (RFC 9112, section 2.2).
            while place < bytes.count, bytes[place] == 0x0A || bytes[place] == 0x0D { place += 1 }
            if place < bytes.count { return }
            try await fill()
        }
    }

    /// Reads to the empty line after the header fields.
    ///
    /// - Throws: `RequestRefusal`; an error of the socket's.
    func head() async throws -> RequestHead {
        var searched = place
        while true {
            if let end = endOfHead(from: &searched) {
                guard end.after - place <= limits.headBytes else { throw headTooLarge }
                defer { place = end.after }
                return try RequestHead(bytes[place..<end.before], limits: limits)
            }
            let count = bytes.count - place
            if count > limits.requestLineBytes,
                !bytes[place..<(place + limits.requestLineBytes)].contains(UInt8(ascii: "\n"))
            {
                throw RequestRefusal.targetTooLong(limits)
            }
            guard count <= limits.headBytes else { throw headTooLarge }
            let offset = searched - place
            try await fill()
            searched = place + offset
        }
    }

    private var headTooLarge: RequestRefusal {
        RequestRefusal(
            .headTooLarge,
            "the header fields of a request have at most \(limits.headBytes) bytes"
        )
    }

    /// Where the empty line begins and ends; where to go on searching otherwise.
    private func endOfHead(from searched: inout Int) -> (before: Int, after: Int)? {
        let feed = UInt8(ascii: "\n")
        while let line = bytes[searched...].firstIndex(of: feed) {
            let next = line + 1
            if next < bytes.count, bytes[next] == feed { return (line, next + 1) }
            if next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\r"), bytes[next + 1] == feed {
                return (line, next + 2)
            }
            guard next + 1 < bytes.count else { break }
            searched = next
        }
        if bytes[searched...].firstIndex(of: feed) == nil { searched = bytes.count }
        return nil
    }

    /// Reads the body that a head promises.
    ///
    /// - Throws: `RequestRefusal`; an error of the socket's.
    func body(after head: RequestHead) async throws -> [UInt8] {
        if case .bytes(let count) = head.bodyLength, count > limits.bodyBytes { throw bodyTooLarge }
        if head.waitsForLeave, place == bytes.count {
            try await write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        switch head.bodyLength {
        case .bytes(let count): return try await take(count)
        case .chunks: return try await chunks()
        }
    }

    private var bodyTooLarge: RequestRefusal {
        RequestRefusal(.payloadTooLarge, "a request has at most \(limits.bodyBytes >> 10) KiB")
    }

    /// A body in chunks (RFC 9112, section 7.1).
    private func chunks() async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let digits = try await line().prefix { $0 != UInt8(ascii: ";") }
            let size = String(decoding: digits, as: UTF8.self).trimmingCharacters(in: .whitespaces)
            guard let count = Int(size, radix: 16), count >= 0, !size.hasPrefix("+") else {
                throw RequestRefusal(.badRequest, "a chunk of the body has no size")
            }
            guard count > 0 else { break }
            guard count <= limits.bodyBytes - body.count else { throw bodyTooLarge }
            body += try await take(count)
            guard try await line().isEmpty else {
                throw RequestRefusal(.badRequest, "a chunk of the body is longer than its size")
            }
        }
        for _ in 0...limits.fieldCount where try await line().isEmpty { return body }
        throw headTooLarge
    }

    /// A line of a body in chunks, without its end.
    private func line() async throws -> [UInt8] {
        while true {
            if let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { place = end + 1 }
                let line = bytes[place..<end]
                return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
            guard bytes.count - place <= 1_024 else {
                throw RequestRefusal(.badRequest, "the lines between chunks are too long")
            }
            try await fill()
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while bytes.count - place < count { try await fill() }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }

    private func fill() async throws {
        bytes.removeFirst(place)
        place = 0
        bytes += try await socket.read(atMost: 4_096)
    }

    // MARK: Answers

    /// Returns when the client has hung up; what it sends meanwhile is kept, up to the size of a head.
    func waitForHangUp() async throws {
        do {
            while bytes.count - place <= limits.headBytes { try await fill() }
        } catch is SocketError { return }
        // It sends on while it is to wait: its next requests stay where they are.
        try await Task.sleep(for: .seconds(86_400))
    }

    /// Sends bytes; a client that takes none of them for long has its connection ended.
    func write(_ data: Data) async throws {
        let socket = socket
        var start = data.startIndex
        while start < data.endIndex {
            let end = min(start + 16_384, data.endIndex)
            let piece = Data(data[start..<end])
            try await withDeadline(limits.writeStallTime) { try await socket.write(piece) }
            start = end
        }
    }

    /// Closes the connection once the client has read the last answer, or did not for a while.
    ///
    /// Closing with unread bytes would take the answer from it (RFC 9112, section 9.6).
    func linger() async {
        let socket = socket
        _ = shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
        try? await withDeadline(limits.lingerTime) {
            var left = 1 << 20
            while left > 0 { left -= try await socket.read(atMost: 4_096).count }
        }
    }

    /// Gives the descriptor back.
    func close() async {
        await pool.settle()
        try? socket.close()
    }
}

extension SocketPool {
    /// Returns when the pool has forgotten whoever it woke so far.
    ///
    /// It wakes a task first and takes the descriptor out of its list after that. A descriptor that was
    /// closed in between would stay in the list, and the next connection with its number would never be
    /// woken.
    func settle() {}
}

/// Time for a client has run out.
struct DeadlineExceeded: Error {}

/// Does something within a time; cancels it after that.
///
/// - Throws: `DeadlineExceeded`; what the work throws.
func withDeadline<Result: Sendable>(
    _ limit: Duration,
    _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlineExceeded()
        }
        guard let result = try await group.next() else { throw DeadlineExceeded() }
        return result
    }
}
