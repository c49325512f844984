/// The part of a file that is in memory: what has been read and not yet been used.
final class ByteWindow {
    private let file: InputFile
    /// The bytes in memory; those before `start` are used up.
    private(set) var bytes: [UInt8] = []
    /// The first byte that is not used yet.
    var start = 0
    /// Whether the last byte of the file is in memory.
    private(set) var isAtEnd = false
    /// How the file begins, at most 4,096 bytes.
    private(set) var head: [UInt8] = []

    private static let chunk = 1 << 18

    /// Opens the file and skips a byte order mark.
    init(path: String) throws(CorpusError) {
        file = try InputFile(path: path)
        try fill()
        head = Array(bytes.prefix(4_096))
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    }

    /// How many bytes are in memory and not used yet.
    var available: Int { bytes.count - start }

    /// Reads a further chunk, or notes the end of the file.
    ///
    /// What is in memory at least doubles, so that scanning a long record again stays linear in total.
    func fill() throws(CorpusError) {
        bytes.removeFirst(start)
        start = 0
        if try !file.read(max(Self.chunk, bytes.count), into: &bytes) { isAtEnd = true }
    }

    /// Uses up everything to the end of the line, however long it is.
    func skipLine(endingIn ends: [UInt8] = [0x0A]) throws(CorpusError) {
        while true {
            if let end = bytes[start...].firstIndex(where: ends.contains) {
                start = end + 1
                return
            }
            start = bytes.count
            if isAtEnd { return }
            try fill()
        }
    }
}
