import Foundation

/// Compares a release with its manifest, and the manifest with itself.
///
/// ε is computed again by `IndependentRecomputation`, which shares no formula with the accountants
/// that made the manifest. What cannot be checked from the files: that the run did what it says.
public struct ManifestCheck: Sendable {
    /// The manifest.
    public let manifest: PrivacyManifest
    /// ε of the release, computed again; nil if nothing is promised.
    public let recomputed: IndependentRecomputation.Confirmation?
    /// What does not agree; empty if all does.
    public let problems: [String]
    /// Files of the folder that the manifest does not speak of; they are not part of the release.
    public let unlisted: [String]

    /// Checks the release in `folder`.
    ///
    /// - Throws: `ManifestError` if there is no manifest to check, `LedgerError.fileFailed` if a
    ///   file cannot be read.
    public init(folder: String) throws {
        let path = folder + "/" + PrivacyManifest.fileName
        guard let bytes = try SystemFiles().contents(of: path) else {
            throw ManifestError.missing(path: path)
        }
        manifest = try PrivacyManifest(fileContents: bytes, path: path)
        let names = try SystemFiles().names(in: folder) ?? []
        let known = Set(
            manifest.files.map(\.name) + [PrivacyManifest.fileName, PrivacyManifest.pageName]
        )
        unlisted = names.filter { !known.contains($0) }
        let recomputation = ManifestRecomputation(manifest)
        recomputed = recomputation.main
        problems =
            try Self.fileProblems(of: manifest, in: folder)
            + Self.leftovers(among: unlisted)
            + ManifestConsistency(manifest).problems
            + recomputation.problems
    }

    private static func fileProblems(
        of manifest: PrivacyManifest,
        in folder: String
    ) throws -> [String] {
        var problems: [String] = []
        for file in manifest.files {
            guard !file.name.contains("/") else {
                problems.append("a file of the manifest lies elsewhere")
                continue
            }
            switch try Self.found(file.name, in: folder) {
            case nil: problems.append("\(file.name) is missing")
            case file: break
            case .some: problems.append("\(file.name) is not the file released")
            }
        }
        let page = try SystemFiles().contents(of: folder + "/" + PrivacyManifest.pageName)
        if page != Array(manifest.page.utf8) {
            problems.append("\(PrivacyManifest.pageName) does not say what the manifest says")
        }
        return problems
    }

    private static func found(
        _ name: String,
        in folder: String
    ) throws(LedgerError) -> ReleasedFile? {
        do throws(LedgerError) {
            return try ReleasedFile(name, in: folder)
        } catch .fileFailed(_, _, ENOENT) {
            return nil
        }
    }

    /// Files of a run that must never be beside a release.
    private static func leftovers(among names: [String]) -> [String] {
        names.filter { $0 == RunFolder.secretName || $0.hasPrefix("diagnostics.private") }
            .map { "\($0) must not be beside a release" }
    }
}
