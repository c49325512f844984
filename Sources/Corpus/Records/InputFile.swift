import Foundation

/// A file read from front to back, with errors that say which file it is.
final class InputFile {
    private let path: String
    private let handle: FileHandle
    /// Unpacks a file whose name ends in .gz.
    private let gzip: GzipStream?

    /// Opens the file; a folder or a missing file is an error.
    init(path: String) throws(CorpusError) {
        guard Self.exists(path) else { throw .noSuchFile(path: path) }
        guard !Self.isFolder(path) else { throw .unreadable(path: path, reason: "it is a folder") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, reason: "no permission to open it")
        }
        self.path = path
        self.handle = handle
        guard CorpusFormat.isCompressed(path) else {
            gzip = nil
            return
        }
        guard let gzip = GzipStream(handle, .reading) else {
            throw .unreadable(path: path, reason: "too many files are open")
        }
        self.gzip = gzip
    }

    deinit { try? handle.close() }

    /// Appends up to `count` further bytes; false at the end of the file.
    func read(_ count: Int, into buffer: inout [UInt8]) throws(CorpusError) -> Bool {
        if let gzip { return try unpack(gzip, count, into: &buffer) }
        do {
            guard let data = try handle.read(upToCount: count), !data.isEmpty else { return false }
            buffer.append(contentsOf: data)
            return true
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    private func unpack(
        _ gzip: GzipStream,
        _ count: Int,
        into buffer: inout [UInt8]
    ) throws(CorpusError) -> Bool {
        do {
            return try gzip.read(count, into: &buffer)
        } catch {
            switch error {
            case .damaged: throw .damagedCompression(path: path)
            case .system(let code):
                throw .unreadable(path: path, reason: "input/output error \(code)")
            }
        }
    }

    /// A whole file of at most `limit` bytes.
    static func contents(path: String, limit: Int) throws(CorpusError) -> [UInt8] {
        let file = try InputFile(path: path)
        var bytes: [UInt8] = []
        while bytes.count <= limit, try file.read(1 << 20, into: &bytes) {}
        guard bytes.count <= limit else {
            throw .fileTooLarge(path: path, bytes: bytes.count, limit: limit)
        }
        return bytes
    }

    /// Whether there is a file or folder of that path.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether the path, links resolved, is a folder.
    static func isFolder(_ path: String) -> Bool {
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        return (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    }
}
