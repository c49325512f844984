import CLinux
import Foundation
import Synchronization

/// Records from another program, taken from standard input as if they were a file.
///
/// They are read once, to the end, into a file in memory: what reads records reads some of them
/// twice, for fingerprints and for columns. Nothing of them touches a disk. A run that goes on must be
/// given the same bytes again.
package enum StandardInput {
    /// What stands for standard input, or output, on a command line.
    package static let name = "-"

    private struct Spool {
        let file: FileHandle
        let path: String
        /// A name that tells the format, such as `x.jsonl.gz`.
        let formatName: String
    }

    /// A process has one standard input.
    private static let spool = Mutex<Spool?>(nil)
    private static let chunk = 1 << 20

    /// Reads everything and returns the path of it.
    ///
    /// - Parameter format: `csv`, `tsv`, `jsonl` or `txt`, with `.gz` behind it if it is compressed.
    /// - Returns: A path that can be opened any number of times while this process lives.
    /// - Throws: `unsupportedFormat`; `unreadable` also for a second time.
    package static func read(as format: String) throws(CorpusError) -> String {
        let formatName = "standard input." + format
        _ = try CorpusFormat(path: formatName)
        let descriptor = linux_memory_file()
        guard spool.withLock({ $0 == nil }), descriptor >= 0 else {
            throw .unreadable(
                path: "standard input",
                reason: descriptor < 0 ? "no memory for it" : "it can be read once only"
            )
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            while let data = try FileHandle.standardInput.read(upToCount: chunk), !data.isEmpty {
                try file.write(contentsOf: data)
            }
        } catch {
            throw .unreadable(path: "standard input", reason: error.localizedDescription)
        }
        let path = "/proc/self/fd/\(descriptor)"
        spool.withLock { $0 = Spool(file: file, path: path, formatName: formatName) }
        return path
    }

    /// The path, or for that of standard input a name that tells its format.
    static func named(_ path: String) -> String {
        spool.withLock { $0?.path == path ? $0?.formatName : nil } ?? path
    }

    /// A message with the path of standard input as a person calls it.
    package static func naming(in message: String) -> String {
        guard let path = spool.withLock({ $0?.path }) else { return message }
        return message.replacing(path, with: "standard input")
    }
}
