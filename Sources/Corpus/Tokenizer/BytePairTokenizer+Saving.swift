import Foundation

extension BytePairTokenizer {
    /// Writes `vocab.json`, `merges.txt` and what they do not say into the folder, which is made if
    /// need be.
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
        let vocabulary = description.vocabulary
        var files = [
            ("vocab.json", VocabularyFiles.vocabularyJSON(vocabulary)),
            ("merges.txt", VocabularyFiles.mergesText(vocabulary)),
        ]
        if let added = VocabularyFiles.addedTokensJSON(vocabulary) {
            files.append((VocabularyFiles.addedTokensName, added))
        }
        if !description.isPlain { files.append(("tokenizer_config.json", configuration)) }
        if !otherEndings.isEmpty { files.append(("generation_config.json", generation)) }
        return files
    }

    /// The text of `tokenizer_config.json`.
    private var configuration: [UInt8] {
        let added = description.added.map { token in
            "    \"\(token.id)\": {\"content\": \(Self.quoted(token.content)), "
                + "\"lstrip\": \(token.takesSpaceBefore), \"normalized\": \(token.isNormalized), "
                + "\"rstrip\": \(token.takesSpaceAfter), \"single_word\": \(token.isWholeWord), "
                + "\"special\": \(token.isSpecial)}"
        }
        let text = """
            {
              "add_bos_token": \(beginsEveryText),
              "add_prefix_space": \(description.preTokenizer.addsPrefixSpace),
              "added_tokens_decoder": {
            \(added.joined(separator: ",\n"))
              },
              "bos_token": \(spelling(of: beginningOfText)),
              "eos_token": \(spelling(of: endOfText)),
              "tokenizer_class": "GPT2Tokenizer"
            }

            """
        return Array(text.utf8)
    }

    /// The text of `generation_config.json`.
    private var generation: [UInt8] {
        let text = """
            {
              "bos_token_id": \(beginningOfText),
              "eos_token_id": [\(description.endings.map(String.init).joined(separator: ", "))]
            }

            """
        return Array(text.utf8)
    }

    /// A token as the files spell it: one that merges make in the byte alphabet.
    private func spelling(of id: Int32) -> String {
        let vocabulary = description.vocabulary
        let token = vocabulary.tokens[Int(id)]
        return Self.quoted(
            vocabulary.standalone.contains(id) ? token : ByteAlphabet.encode(token)
        )
    }

    private static func quoted(_ text: [UInt8]) -> String {
        var bytes: [UInt8] = []
        JSONText.appendString(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
