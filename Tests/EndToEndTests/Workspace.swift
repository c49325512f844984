import DemoCorpus
import Foundation

/// A folder with made-up data for one test; it goes away with the value.
final class Workspace: Sendable {
    let folder: URL

    init() throws { folder = try ScratchFolder.make() }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The path of a file or folder in it.
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes bytes and returns the path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
        return path(name)
    }

    /// Writes labelled messages as CSV and returns the path.
    func messages(_ count: Int, seed: UInt64, to name: String) throws -> String {
        let rows = DemoCorpus.messages(count: count, seed: seed).map(\.csvLine)
        return try write(
            ([DemoMessage.csvHeader] + rows).joined(separator: "\n") + "\n",
            to: name
        )
    }

    /// Writes public posts, one a line, and returns the path.
    func posts(_ count: Int, to name: String = "public.txt") throws -> String {
        let rows = DemoCorpus.publicPosts(count: count, seed: 3)
        return try write(rows.joined(separator: "\n") + "\n", to: name)
    }

    /// The names in the folder, hidden ones included.
    func names() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }
}
