import Corpus
import DifferentialPrivacy
import Foundation
import PrivateEvolution

extension TextCorpus {
    /// Reads the corpus of a run that is about to begin or go on, under the key of the folder around it.
    ///
    /// - Throws: `LedgerError.alreadyExists` for a folder that is there without `resumes`;
    ///   `ToolError`, `CorpusError`.
    static func read(
        _ data: DataOptions,
        _ columns: ColumnOptions,
        _ privacy: PrivacyOptions,
        for out: String,
        resumes: Bool
    ) throws -> TextCorpus {
        let folder = RunFolder(path: out)
        try folder.requireVisibleName()
        let isFree = try folder.isVacant()
        guard isFree || resumes else { throw LedgerError.alreadyExists(path: out) }
        let paths = try data.paths()
        let selection = try columns.selection(textColumn: data.textColumn)
        let labelValues = try columns.labelValues.map {
            try LabelSet(file: $0, columns: selection.labels)
        }
        // Fails before anything is made if the files or columns are not there.
        _ = try CorpusReader(paths: paths, columns: selection)
        try FileManager.default.createDirectory(
            atPath: folder.parent,
            withIntermediateDirectories: true
        )
        return try read(
            paths: paths,
            columns: selection,
            labelValues: labelValues,
            maxRecordsPerUser: privacy.maxRecordsPerUser ?? PrivacyUnit.defaultMaxRecords,
            key: try LedgerDirectory(path: folder.parent).makeFingerprintKey()
        )
    }
}
