import Foundation

/// A file that appears whole or not at all: written beside its place, synced, then renamed.
///
/// A name that ends in .gz is written compressed. `-` is standard output, where bytes appear at once.
final class OutputFile {
    private let path: String
    /// Nil for standard output.
    private let temporaryPath: String?
    private let handle: FileHandle
    private var gzip: GzipStream?
    private var buffer: [UInt8] = []
    private var isFinished = false

    private static let bufferSize = 1 << 18

    /// Opens a temporary file in the folder of `path`.
    convenience init(path: String) throws(CorpusError) {
        guard path != StandardInput.name else {
            self.init(standardOutput: .standardOutput)
            return
        }
        let url = URL(fileURLWithPath: path)
        let name = ".\(url.lastPathComponent).\(UUID().uuidString).partial"
        let temporary = url.deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
            throw .cannotWrite(
                path: path,
                reason: "no file can be made in its folder",
                isDiskFull: false
            )
        }
        try self.init(path: path, temporaryPath: temporary)
    }

    /// Writes to that temporary path, which exists.
    init(path: String, temporaryPath: String) throws(CorpusError) {
        guard let handle = FileHandle(forWritingAtPath: temporaryPath) else {
            throw .cannotWrite(path: path, reason: "no permission", isDiskFull: false)
        }
        self.path = path
        self.temporaryPath = temporaryPath
        self.handle = handle
        guard CorpusFormat.isCompressed(path) else { return }
        gzip = GzipStream(handle, .writing)
        guard gzip != nil else {
            throw .cannotWrite(path: path, reason: "too many files are open", isDiskFull: false)
        }
    }

    private init(standardOutput handle: FileHandle) {
        path = "standard output"
        temporaryPath = nil
        self.handle = handle
    }

    deinit {
        guard !isFinished, let temporaryPath else { return }
        try? handle.close()
        Self.removeRegularFile(temporaryPath)
    }

    /// Removes what was left half-written; never a device that a test or user wrote to.
    private static func removeRegularFile(_ path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Adds bytes at the end.
    func write(_ bytes: [UInt8]) throws(CorpusError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    private func flush() throws(CorpusError) {
        do {
            if let gzip {
                try gzip.write(buffer)
            } else {
                try handle.write(contentsOf: Data(buffer))
            }
            buffer.removeAll(keepingCapacity: true)
        } catch {
            throw Self.failure(path: path, error)
        }
    }

    /// Makes the file durable and puts it in its place, replacing what was there.
    func finish() throws(CorpusError) {
        try flush()
        guard let temporaryPath else {
            isFinished = true
            return
        }
        do {
            try gzip?.finish()
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Self.failure(path: path, error)
        }
        // Foundation's moves either refuse to replace or are not atomic; rename(2) is.
        guard unsafe rename(temporaryPath, path) == 0 else {
            throw .cannotWrite(
                path: path,
                reason: "the finished file cannot be put there",
                isDiskFull: false
            )
        }
        isFinished = true
    }

    /// The error to report for what Foundation said, with a full disk told apart.
    static func failure(path: String, _ error: any Error) -> CorpusError {
        var code: Int?
        if case GzipStream.Failure.system(let number) = error { code = Int(number) }
        var current: NSError? = error as NSError
        while let error = current, code == nil {
            if error.domain == NSPOSIXErrorDomain { code = error.code }
            if error.domain == NSCocoaErrorDomain,
                error.code == CocoaError.fileWriteOutOfSpace.rawValue
            {
                code = Int(ENOSPC)
            }
            current = error.userInfo[NSUnderlyingErrorKey] as? NSError
        }
        let isDiskFull = code == Int(ENOSPC) || code == Int(EDQUOT)
        return .cannotWrite(
            path: path,
            reason: isDiskFull ? "the disk is full" : error.localizedDescription,
            isDiskFull: isDiskFull
        )
    }
}
