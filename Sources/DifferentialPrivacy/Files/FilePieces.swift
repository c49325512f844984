import Glibc

/// Reads a file from front to back without holding it in memory.
enum FilePieces {
    /// Calls `body` with consecutive pieces of the file.
    static func read(
        _ path: String,
        noFollow: Bool = false,
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(LedgerError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (noFollow ? O_NOFOLLOW : 0))
        guard descriptor >= 0 else {
            throw .fileFailed(operation: "open", path: path, code: errno)
        }
        let file = OpenFile(descriptor: descriptor, path: path)
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe Glibc.read(file.descriptor, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw .fileFailed(operation: "read", path: path, code: errno)
            }
            if count == 0 { return }
            body(piece[..<count])
        }
    }
}
