import Foundation

/// A folder that appears complete or not at all.
///
/// It is filled under another name beside its place, then renamed.
struct OutputFolder {
    /// The place it will have.
    let url: URL

    /// Checks that the place is free: nothing there, or an empty folder.
    ///
    /// - Throws: `ToolError.outputUnavailable`.
    init(_ path: String) throws {
        try Self.requirePossible(path)
        url = URL(filePath: path, directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
        guard let names, names.isEmpty else {
            throw ToolError.outputUnavailable(
                "\(path) exists and is not an empty folder; choose another --out"
            )
        }
    }

    /// Refuses a place inside something that is no folder.
    ///
    /// - Throws: `ToolError.outputUnavailable`.
    static func requirePossible(_ path: String) throws {
        var ancestor = URL(filePath: path).standardizedFileURL.deletingLastPathComponent()
        while ancestor.path != "/", !FileManager.default.fileExists(atPath: ancestor.path) {
            ancestor.deleteLastPathComponent()
        }
        let values = try? ancestor.resolvingSymlinksInPath().resourceValues(forKeys: [
            .isDirectoryKey
        ])
        guard values?.isDirectory == true else {
            throw ToolError.outputUnavailable(
                "\(path) cannot be made: \(ancestor.path) is a file, not a folder; choose another"
                    + " --out"
            )
        }
    }

    /// `name`, or the first of `name-2`, `name-3`, … that does not exist in the working folder.
    static func free(named name: String) -> String {
        var candidate = name
        var number = 1
        while FileManager.default.fileExists(atPath: candidate) {
            number += 1
            candidate = "\(name)-\(number)"
        }
        return candidate
    }

    /// Lets `fill` write into a folder beside the place, then moves it there.
    ///
    /// On any error nothing is left behind.
    func make<Result>(_ fill: (URL) throws -> Result) throws -> Result {
        let files = FileManager.default
        let parent = url.standardizedFileURL.deletingLastPathComponent()
        try files.createDirectory(at: parent, withIntermediateDirectories: true)
        let draft = parent.appending(
            path: ".\(url.lastPathComponent).\(UUID().uuidString)",
            directoryHint: .isDirectory
        )
        try files.createDirectory(at: draft, withIntermediateDirectories: false)
        do {
            let result = try fill(draft)
            if files.fileExists(atPath: url.path) { try files.removeItem(at: url) }
            try files.moveItem(at: draft, to: url)
            return result
        } catch {
            try? files.removeItem(at: draft)
            throw error
        }
    }
}
