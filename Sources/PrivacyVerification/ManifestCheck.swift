public import DifferentialPrivacy

/// Compares a release with its manifest, the manifest with itself, and its signature with a key.
///
/// ε is computed again by `IndependentRecomputation`, which shares no formula with the accountants
/// that made the manifest. What cannot be checked from the files: that the run did what it says, and,
/// without a signature and a key from elsewhere, who says so.
public struct ManifestCheck: Sendable {
    /// The manifest.
    public let manifest: PrivacyManifest
    /// ε of the release, computed again; nil if nothing is promised.
    public let recomputed: IndependentRecomputation.Confirmation?
    /// What is known of who made the release.
    public let signature: SignatureState
    /// What does not agree; empty if all does.
    public let problems: [String]
    /// Files of the folder that the manifest does not speak of; they are not part of the release.
    public let unlisted: [String]

    /// Checks the release in `folder`.
    ///
    /// - Parameters:
    ///   - folder: The folder of the release.
    ///   - key: The key that the release must be signed with; nil if any, or none, will do.
    /// - Throws: `ManifestError` if there is no manifest to check, `LedgerError.fileFailed` if a
    ///   file cannot be read.
    public init(folder: String, key: VerificationKey? = nil) throws {
        let path = folder + "/" + PrivacyManifest.fileName
        guard let bytes = try SystemFiles().contents(of: path) else {
            throw ManifestError.missing(path: path)
        }
        let manifest = try PrivacyManifest(fileContents: bytes, path: path)
        let files = try ReleaseFiles(of: manifest, contents: bytes, in: folder)
        let signed = try SignatureCheck(of: manifest, contents: bytes, in: folder, by: key)
        let recomputation = ManifestRecomputation(manifest)
        self.manifest = manifest
        recomputed = recomputation.main
        signature = signed.state
        unlisted = files.unlisted
        problems =
            signed.problems + files.problems + ManifestConsistency(manifest).problems
            + recomputation.problems
    }
}
