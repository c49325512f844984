import DifferentialPrivacy
import Foundation

/// Keeps private text out of work that carries no guarantee.
///
/// A tokenizer or base model made from a corpus that a ledger knows would undo every promise made
/// about it. Looked at are the runs beside the output, beside the data, and in the working folder,
/// and in the folders that lie in one of these.
struct PublicCorpusCheck {
    /// The folders whose runs are looked at.
    let folders: [String]

    /// Looks around the data and the output.
    init(data: [String], out: String) {
        let places =
            data.map { URL(filePath: $0).deletingLastPathComponent() }
            + [
                URL(filePath: out).standardizedFileURL.deletingLastPathComponent(),
                URL(filePath: FileManager.default.currentDirectoryPath),
            ]
        let all = Set(
            places.flatMap { [$0, $0.appending(path: "checkpoints")] }
                .map { $0.standardizedFileURL.path }
        )
        folders = all.union(all.flatMap(Self.foldersOfRuns)).sorted()
    }

    /// The most folders of one place that are looked into.
    private static let childLimit = 1_000

    /// The folders in a folder where runs were made: they have a fingerprint key of ours.
    private static func foldersOfRuns(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().prefix(childLimit)
            .map { folder + "/" + $0 }
            .filter { FileManager.default.fileExists(atPath: $0 + "/" + FingerprintKey.fileName) }
            .filter { (try? LedgerDirectory(path: $0).fingerprintKey()) != nil }
    }

    /// Compares the files with the ledgers.
    ///
    /// - Throws: `ToolError.integrityViolated` if one of the files was used in a run; `LedgerError`
    ///   if a ledger cannot be read.
    func refusePrivate(_ data: [String]) throws {
        for folder in folders {
            let directory = LedgerDirectory(path: folder)
            guard let key = try directory.fingerprintKey() else { continue }
            let fingerprint = try CorpusFingerprint(paths: data, columns: [], key: key)
            let runs = try directory.records(on: fingerprint, checkedBy: .none)
            guard let first = runs.first else { continue }
            throw ToolError.integrityViolated(
                "\(data.joined(separator: ", ")): a file of it is the private corpus of the run "
                    + "\(folder)/\(first.run); only public text may be used here"
            )
        }
    }
}
