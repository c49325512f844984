import DifferentialPrivacy
import Foundation

/// Texts of a base model, kept between comparisons: the model saw no private record.
///
/// One file a model, label list and way of drawing, in `$DPSCRIBE_CACHE`, else `$XDG_CACHE_HOME/dpscribe`,
/// else `~/.cache/dpscribe`; readable by its owner only. A folder that cannot be written is no error.
struct UntunedBaseCache {
    private let file: URL?

    /// Names the file after everything that the texts depend on.
    init(environment: [String: String], model: [UInt8], rows: [[String]], settings: String) {
        let digest = ContentDigest(
            domain: "untuned-base",
            fields: [("model", model), ("settings", Array(settings.utf8))]
                + rows.map { ("labels", Array("\($0)".utf8)) }
        )
        file = Self.folder(environment)?.appending(path: "untuned-base-\(digest).json")
    }

    private static func folder(_ environment: [String: String]) -> URL? {
        if let named = environment["DPSCRIBE_CACHE"], !named.isEmpty { return URL(filePath: named) }
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return URL(filePath: cache).appending(path: "dpscribe")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return URL(filePath: home).appending(path: ".cache/dpscribe")
    }

    /// The texts, if exactly `count` are kept.
    func texts(count: Int) -> [String]? {
        guard let file, let data = try? Data(contentsOf: file),
            let texts = try? JSONDecoder().decode([String].self, from: data), texts.count == count
        else { return nil }
        return texts
    }

    /// Keeps the texts; the file appears whole or not at all.
    func keep(_ texts: [String]) {
        guard let file, let data = try? JSONEncoder().encode(texts) else { return }
        let folder = file.deletingLastPathComponent()
        try? FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try? data.write(to: file, options: .atomic)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
}
