import Foundation

extension BytePairTokenizer {
    /// Writes `vocab.json`, `merges.txt` and, if there are special tokens beside end-of-text,
    /// `added_tokens.json` into the folder, which is made if need be.
    ///
    /// `transformers` opens them with the same ids.
    package func save(to folder: String) throws(CorpusError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw OutputFile.failure(path: folder, error)
        }
        for (name, bytes) in files {
            let file = try OutputFile(path: folder + "/" + name)
            try file.write(bytes)
            try file.finish()
        }
    }

    /// The names and contents that `save` writes: equal tokenizers have equal files.
    package var files: [(name: String, bytes: [UInt8])] {
        [
            ("vocab.json", VocabularyFiles.vocabularyJSON(vocabulary)),
            ("merges.txt", VocabularyFiles.mergesText(vocabulary)),
        ]
            + (VocabularyFiles.addedTokensJSON(vocabulary).map {
                [(VocabularyFiles.addedTokensName, $0)]
            } ?? [])
    }
}
