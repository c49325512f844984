import Foundation

/// Finds model folders, with a `config.json`: a path as given, or a bundled model by its name.
///
/// Bundled models are looked for in `$DPSCRIBE_MODELS`, then in `../share/dpscribe/models` beside
/// the binary, then in `models/` of the binary's parent folders; symbolic links are resolved.
struct ModelLocator {
    /// The name of the model used when `--model` is missing.
    static let defaultModel = "base"

    /// Folders that may hold bundled models, first wins.
    let searchFolders: [URL]

    /// Derives the search folders from the environment and the binary's place.
    init(environment: [String: String], binary: URL) {
        var folders: [URL] = []
        if let named = environment["DPSCRIBE_MODELS"], !named.isEmpty {
            folders.append(URL(filePath: named, directoryHint: .isDirectory))
        }
        var parent = binary.resolvingSymlinksInPath().deletingLastPathComponent()
        folders.append(parent.appending(path: "../share/dpscribe/models").standardized)
        while parent.path != "/" {
            parent = parent.deletingLastPathComponent()
            folders.append(parent.appending(path: "models"))
        }
        searchFolders = folders
    }

    /// The locator of this process.
    static func current() -> ModelLocator {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return ModelLocator(environment: ProcessInfo.processInfo.environment, binary: own)
    }

    /// The folder of the model that `--model` names, or of the default one.
    ///
    /// - Throws: `ToolError.missingInput` saying where it was looked for.
    func folder(named name: String?) throws -> URL {
        if let name, name.contains("/") || Self.isFolder(URL(filePath: name)) {
            let folder = URL(filePath: name)
            guard Self.isFolder(folder) else {
                throw ToolError.missingInput("\(name): no such model or run folder (--model)")
            }
            guard Self.isModel(folder) else {
                throw ToolError.missingInput(
                    "\(name) is no model folder: there is no config.json in it (--model)"
                )
            }
            return folder
        }
        let wanted = name ?? Self.defaultModel
        let candidates = searchFolders.map { $0.appending(path: wanted) }
        if let found = candidates.first(where: { Self.isFolder($0) }) { return found }
        throw ToolError.missingInput(
            "there is no model '\(wanted)' in $DPSCRIBE_MODELS, in ../share/dpscribe/models beside "
                + "the binary, or in models/ of a folder above it; name a model folder with --model"
        )
    }

    /// The same, but nil if none is named and there is no default one.
    ///
    /// - Throws: `ToolError.missingInput` for one that is named and not there.
    func folderIfAny(named name: String?) throws -> URL? {
        name == nil ? try? folder(named: nil) : try folder(named: name)
    }

    /// The name of a bundled model that `--model` names or that is the default one; nil for a folder
    /// of the user's, whose name is theirs to tell.
    func bundledName(of name: String?) -> String? {
        guard let name else { return Self.defaultModel }
        return name.contains("/") || Self.isFolder(URL(filePath: name)) ? nil : name
    }

    private static func isModel(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path)
    }

    private static func isFolder(_ url: URL) -> Bool {
        (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    }
}
