import DifferentialPrivacy

/// Keeps what was learned from private records out of models that are taken to be public.
///
/// A run counts what it spends itself. Begun with the model of another run, it would give away what
/// that one learned, too, under a statement that says its base is public.
package enum PublicBase {
    /// Refuses a run, a release, and a copy of either that says so.
    ///
    /// - Parameters:
    ///   - folder: The model's folder; nothing is said about one that is not there.
    ///   - flag: The option that named it.
    /// - Throws: `TrainingError.privateBase`; `LedgerError.fileFailed` if it cannot be looked into.
    package static func require(_ folder: String, flag: String) throws {
        guard let origin = try origin(of: folder) else { return }
        throw TrainingError.privateBase(path: folder, flag: flag, origin: origin)
    }

    private static func origin(of folder: String) throws -> String? {
        if try RunFolder(path: folder).isRun() { return "a run" }
        let files = SystemFiles()
        if try files.contents(of: folder + "/" + PrivacyManifest.fileName) != nil {
            return "a release"
        }
        let mark = folder + "/" + ModelProvenance.fileName
        return try files.contents(of: mark) == nil
            ? nil : "a copy of a run's model, by its \(ModelProvenance.fileName)"
    }
}
