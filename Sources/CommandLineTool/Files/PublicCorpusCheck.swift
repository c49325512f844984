import Corpus
import DifferentialPrivacy
import Foundation

/// Keeps private text out of work that carries no guarantee.
///
/// A tokenizer or base model made from records that a ledger knows would undo every promise made
/// about them. Looked at are the runs beside the output, beside the data, and in the working folder,
/// and in the folders that lie in one of these.
struct PublicCorpusCheck {
    /// The share of either corpus from which on the texts in common are no accident.
    static let substantialShare = 0.01
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

    /// The folders in a folder where runs were made: they have a key for fingerprints, and ledgers.
    private static func foldersOfRuns(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().prefix(childLimit)
            .map { folder + "/" + $0 }
            .filter { FileManager.default.fileExists(atPath: $0 + "/" + FingerprintKey.fileName) }
            .filter { LedgerDirectory(path: $0).mayHaveRuns }
    }

    /// Compares files and records with the ledgers.
    ///
    /// - Parameters:
    ///   - data: The files.
    ///   - textColumn: The column that holds the text.
    /// - Returns: What a person must know: that few texts are the same as in a private corpus.
    /// - Throws: `ToolError.integrityViolated` if one of the files was used in a run, or a substantial
    ///   share of the records; `LedgerError` if a ledger cannot be read; `CorpusError`.
    func refusePrivate(_ data: [String], textColumn: String) throws -> [String] {
        var places: [(directory: LedgerDirectory, files: CorpusFingerprint)] = []
        var builders: [CorpusSketch.Builder] = []
        for folder in folders {
            let directory = LedgerDirectory(path: folder)
            guard let key = try directory.fingerprintKey() else { continue }
            let files = try CorpusFingerprint(paths: data, columns: [], key: key)
            let bytes = CorpusIdentity(files: files, texts: nil)
            if let same = try directory.runs(on: bytes, checkedBy: .none).members.first {
                throw refusal(data, "a file of it is", "\(folder)/\(same.run)")
            }
            places.append((directory, files))
            builders.append(CorpusSketch.Builder(key: key))
        }
        guard !places.isEmpty else { return [] }
        try read(data, textColumn, into: &builders)
        return try zip(places, builders).flatMap { place, builder in
            let corpus = CorpusIdentity(files: place.files, texts: builder.sketch)
            let runs = try place.directory.runs(on: corpus, checkedBy: .none)
            return try remarks(runs, data, in: place.directory.path)
        }
    }

    private func remarks(_ runs: CorpusRuns, _ data: [String], in folder: String) throws -> [String]
    {
        let remarks = try runs.members.compactMap { try remark($0, data, in: folder) }
        guard !runs.unknown.isEmpty else { return remarks }
        return remarks + [
            "\(runs.unknown.joined(separator: ", ")) in \(folder): begun by an earlier version that did"
                + " not remember records, so only the bytes of files were compared"
        ]
    }

    private func read(
        _ data: [String],
        _ textColumn: String,
        into builders: inout [CorpusSketch.Builder]
    ) throws {
        var reader = try CorpusReader(
            paths: data,
            columns: ColumnSelection(text: textColumn),
            recordLimit: CorpusReader.largestRecordLimit
        )
        while let outcome = try reader.next() {
            guard case .record(let record) = outcome else { continue }
            for place in builders.indices { builders[place].add(record.text) }
            if Interruption.isRequested {
                throw ToolError.interrupted("stopped; nothing was written")
            }
        }
    }

    private func remark(
        _ member: CorpusRuns.Member,
        _ data: [String],
        in folder: String
    ) throws -> String? {
        guard let share = member.overlap.share, let other = member.overlap.shareOfOther else {
            return nil
        }
        let run = "\(folder)/\(member.run)"
        guard max(share, other) < Self.substantialShare else {
            let percentage = CorpusRunsText.percentage
            throw refusal(
                data,
                "\(percentage(share)) of its records are \(percentage(other)) of",
                run
            )
        }
        return
            "a few texts, less than 1 % of either, are the same as in the private corpus of \(run);"
            + " make sure that they are common phrases and no one's records"
    }

    private func refusal(_ data: [String], _ what: String, _ run: String) -> ToolError {
        .integrityViolated(
            "\(data.joined(separator: ", ")): \(what) the private corpus of the run \(run); only"
                + " public text may be used here"
        )
    }
}
