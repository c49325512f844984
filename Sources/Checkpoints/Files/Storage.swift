import Foundation

/// The operations by which this target changes files.
package enum Storage {
    /// The hidden name under which a file is written until it is complete.
    package static func partialPath(of path: String) -> String {
        let (folder, name) = split(path)
        return folder + "/." + name + partialSuffix
    }

    /// Replaces a file at once or not at all.
    ///
    /// `write` writes, syncs and verifies the content under the hidden name it gets. If it throws,
    /// that file is removed and the old one is untouched.
    static func replace(
        _ path: String,
        _ write: (_ partial: String) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let partial = partialPath(of: path)
        try remove(partial)
        do throws(CheckpointError) {
            try write(partial)
            try rename(partial, to: path)
        } catch {
            try? remove(partial)
            throw error
        }
        try synchronizeFolder(split(path).folder)
    }

    /// Removes what an interrupted writer left in the folder.
    package static func removePartialFiles(in folder: String) throws(CheckpointError) {
        for name in try names(in: folder)
        where name.hasPrefix(".") && name.hasSuffix(partialSuffix) {
            try remove(folder + "/" + name)
        }
    }

    /// Renames a complete, synced file to its final name; durable when the folder is synced.
    static func rename(_ source: String, to target: String) throws(CheckpointError) {
        guard unsafe Foundation.rename(source, target) == 0 else {
            throw failure("rename", target)
        }
    }

    /// Removes a file; a file that is not there is fine.
    static func remove(_ path: String) throws(CheckpointError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw failure("remove", path)
        }
    }

    /// Returns once the names in the folder are on stable storage.
    static func synchronizeFolder(_ path: String) throws(CheckpointError) {
        let descriptor = try openFolder(path)
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(CheckpointError) -> [String] {
        // Foundation does not say in errno why it cannot list a folder.
        _ = close(try openFolder(folder))
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw failure("list", folder, code: EIO)
        }
    }

    private static func openFolder(_ path: String) throws(CheckpointError) -> Int32 {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        return descriptor
    }

    /// A path's folder ("." if it names none) and last part.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let name = String(path[path.index(after: slash)...])
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }

    /// The error for a call that just failed and set errno.
    static func failure(_ operation: String, _ path: String, code: Int32 = errno) -> CheckpointError
    {
        switch code {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case ENOENT, ENOTDIR: .noSuchFile(path: path)
        case EEXIST: .exists(path: path)
        default: .inputOutput(operation: operation, path: path, code: code)
        }
    }

    private static let partialSuffix = ".partial"
}
