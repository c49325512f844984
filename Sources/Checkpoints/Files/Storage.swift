import Foundation

/// The operations by which this target changes files, each announced before it happens.
///
/// Tests pass a `before` that throws, at every operation in turn, to show that a crash or a full
/// disk at any point leaves the earlier files valid.
package struct Storage: Sendable {
    /// An operation that changes the disk.
    package enum Operation: String, Sendable, CaseIterable {
        case create, write, synchronize, rename, remove, synchronizeFolder
    }

    private let before: @Sendable (Operation, String) throws(CheckpointError) -> Void

    /// The real file system; `before` sees each operation and its path, and may forbid it.
    package init(
        before: @escaping @Sendable (Operation, String) throws(CheckpointError) -> Void = { _, _ in }
    ) {
        self.before = before
    }

    /// Announces an operation.
    func announce(_ operation: Operation, _ path: String) throws(CheckpointError) {
        try before(operation, path)
    }

    /// The hidden name under which a file is written until it is complete.
    package static func partialPath(of path: String) -> String {
        let (folder, name) = split(path)
        return folder + "/." + name + partialSuffix
    }

    /// Replaces a file at once or not at all.
    ///
    /// - Parameter write: Writes, syncs and verifies the content under the hidden name it gets. If
    ///   it throws, that file is removed and the old one is untouched.
    func replace(
        _ path: String, _ write: (_ partial: String) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let partial = Self.partialPath(of: path)
        try remove(partial)
        do throws(CheckpointError) {
            try write(partial)
            try rename(partial, to: path)
        } catch {
            try? remove(partial)
            throw error
        }
        try synchronizeFolder(Self.split(path).folder)
    }

    /// Removes what an interrupted writer left in the folder.
    package func removePartialFiles(in folder: String) throws(CheckpointError) {
        for name in try Self.names(in: folder)
        where name.hasPrefix(".") && name.hasSuffix(Self.partialSuffix) {
            try remove(folder + "/" + name)
        }
    }

    /// Renames a complete, synced file to its final name; durable when the folder is synced.
    func rename(_ source: String, to target: String) throws(CheckpointError) {
        try announce(.rename, target)
        guard unsafe Foundation.rename(source, target) == 0 else {
            throw Self.failure("rename", target)
        }
    }

    /// Removes a file; a file that is not there is fine.
    func remove(_ path: String) throws(CheckpointError) {
        try announce(.remove, path)
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw Self.failure("remove", path) }
    }

    /// Returns once a closed file's content is on stable storage.
    func synchronize(_ path: String) throws(CheckpointError) {
        try announce(.synchronize, path)
        let descriptor = unsafe open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure("sync", path) }
    }

    /// Returns once the names in the folder are on stable storage.
    func synchronizeFolder(_ path: String) throws(CheckpointError) {
        try announce(.synchronizeFolder, path)
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure("sync", path) }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(CheckpointError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .noSuchFile(path: folder)
        }
    }

    /// A path's folder ("." if it names none) and last part.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let name = String(path[path.index(after: slash)...])
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }

    /// The error for a call that just failed and set errno.
    static func failure(_ operation: String, _ path: String, code: Int32 = errno) -> CheckpointError {
        switch code {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case ENOENT, ENOTDIR: .noSuchFile(path: path)
        case EEXIST: .exists(path: path)
        default: .inputOutput(operation: operation, path: path, code: code)
        }
    }

    private static let partialSuffix = ".partial"
}
