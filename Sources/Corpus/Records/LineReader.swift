/// The lines of a file that are not blank, without their LF or CRLF.
struct LineReader {
    /// A line, or the news that one was too long to be kept.
    enum Line: Equatable {
        case bytes([UInt8])
        case tooLong
    }

    let window: ByteWindow
    private let limit: Int

    /// Reads lines of at most `limit` bytes.
    init(path: String, limit: Int) throws(CorpusError) {
        window = try ByteWindow(path: path)
        self.limit = limit
    }

    /// The next line that is not blank, or nil at the end.
    mutating func next() throws(CorpusError) -> Line? {
        var searched = 0
        while true {
            let unseen = window.start + searched
            if let end = window.bytes[unseen...].firstIndex(of: 0x0A) {
                if let line = take(to: end, next: end + 1) { return line }
                searched = 0
            } else if window.isAtEnd {
                guard window.available > 0 else { return nil }
                if let line = take(to: window.bytes.count, next: window.bytes.count) { return line }
                searched = 0
            } else if window.available > limit + 1 {
                try window.skipLine()
                return .tooLong
            } else {
                searched = window.available
                try window.fill()
            }
        }
    }

    /// The line up to `end`, or nil if it is blank.
    private func take(to end: Int, next: Int) -> Line? {
        var line = window.bytes[window.start..<end]
        window.start = next
        if line.last == 0x0D { line.removeLast() }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        return line.count > limit ? .tooLong : .bytes(Array(line))
    }
}
