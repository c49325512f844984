import DifferentialPrivacy
import Foundation

/// Whether the files of a release are the ones that its manifest lists, and `privacy.json` the bytes
/// that its page names.
struct ReleaseFiles {
    /// What does not agree; empty if all does.
    let problems: [String]
    /// Files that the manifest does not speak of.
    let unlisted: [String]

    /// Reads the folder.
    ///
    /// - Parameters:
    ///   - manifest: What `privacy.json` says.
    ///   - contents: The bytes of `privacy.json`.
    ///   - folder: The folder of the release.
    /// - Throws: `LedgerError.fileFailed` if a file cannot be read.
    init(of manifest: PrivacyManifest, contents: [UInt8], in folder: String) throws {
        let names = try SystemFiles().names(in: folder) ?? []
        let known = Set(
            manifest.files.map(\.name)
                + [
                    PrivacyManifest.fileName, PrivacyManifest.pageName,
                    PrivacyManifest.signatureName,
                ]
        )
        unlisted = names.filter { !known.contains($0) }
        problems =
            try Self.statementProblems(of: manifest, contents, in: folder)
            + Self.listedProblems(of: manifest, in: folder)
            + Self.strangers(among: unlisted, besideWeights: manifest.method == .finetune)
    }

    /// `privacy.json` must be what this product writes of what it reads there, and `PRIVACY.md` the page
    /// of that: no field that is not read, no number in other digits.
    private static func statementProblems(
        of manifest: PrivacyManifest,
        _ contents: [UInt8],
        in folder: String
    ) throws -> [String] {
        var problems: [String] = []
        if contents != (try manifest.fileContents()) {
            problems.append("\(PrivacyManifest.fileName) holds more, or other text, than is read")
        }
        let page = try SystemFiles().contents(of: folder + "/" + PrivacyManifest.pageName)
        if page != Array(try manifest.page.utf8) {
            problems.append("\(PrivacyManifest.pageName) does not say what the manifest says")
        }
        return problems
    }

    private static func listedProblems(
        of manifest: PrivacyManifest,
        in folder: String
    ) throws -> [String] {
        var problems: [String] = []
        for file in manifest.files {
            guard !file.name.contains("/") else {
                problems.append("a file of the manifest lies elsewhere")
                continue
            }
            switch try found(file.name, in: folder) {
            case nil: problems.append("\(file.name) is missing")
            case file: break
            case .some: problems.append("\(file.name) is not the file released")
            }
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

    /// Files of a run that must never be beside a release, and files that a program may open in place of
    /// the released ones.
    private static func strangers(among names: [String], besideWeights: Bool) -> [String] {
        let secrets = names.filter {
            $0 == RunFolder.secretName || $0.hasPrefix("diagnostics.private")
        }
        let parts = names.filter { name in
            besideWeights && partEndings.contains { name.lowercased().hasSuffix($0) }
        }
        return secrets.map { "\($0) must not be beside a release" }
            + parts.map { "\($0) would be taken for a part of the model" }
    }

    private static let partEndings = [
        ".safetensors", ".h5", ".bin", ".pt", ".pth", ".gguf", ".json", "merges.txt", ".model",
    ]
}
