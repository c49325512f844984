import Foundation

/// Reads and writes vocabularies as Hugging Face lays them out.
enum VocabularyFiles {
    /// No vocabulary file is read beyond this many bytes.
    static let sizeLimit = 32 << 20
    /// The file of tokens that `vocab.json` has no spelling for.
    static let addedTokensName = "added_tokens.json"

    /// Reads `vocab.json` and `merges.txt` of the folder.
    static func read(folder: String) throws(CorpusError) -> TokenizerSource {
        let vocabulary = folder + "/vocab.json"
        return TokenizerSource(
            path: vocabulary,
            entries: try entries(of: try json(vocabulary), path: vocabulary),
            merges: try mergeLines(path: folder + "/merges.txt")
        )
    }

    /// The file as JSON.
    static func json(_ path: String) throws(CorpusError) -> JSONValue {
        let bytes = try InputFile.contents(path: path, limit: sizeLimit)
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw .malformedFile(
                path: path,
                problem: "\(error.problem.rawValue), at byte \(error.offset)"
            )
        }
    }

    /// The members of an object of ids by spelling.
    static func entries(
        of value: JSONValue?,
        path: String
    ) throws(CorpusError) -> [(spelling: [UInt8], id: Int)] {
        guard case .object(let members) = value else {
            throw .malformedFile(
                path: path,
                problem: "the vocabulary is not an object of token ids"
            )
        }
        var entries: [(spelling: [UInt8], id: Int)] = []
        entries.reserveCapacity(members.count)
        for (spelling, value) in members {
            guard let id = value.integer else {
                throw .malformedFile(path: path, problem: "a token's id is not an integer")
            }
            entries.append((spelling, id))
        }
        return entries
    }

    private static func mergeLines(path: String) throws(CorpusError) -> [(
        left: [UInt8], right: [UInt8]
    )] {
        let bytes = try InputFile.contents(path: path, limit: sizeLimit)
        var merges: [(left: [UInt8], right: [UInt8])] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty || number == 0 && line.starts(with: "#version".utf8) { continue }
            guard let pair = pair(line) else {
                throw .malformedFile(path: path, problem: "line \(number + 1) is not two tokens")
            }
            merges.append(pair)
        }
        return merges
    }

    /// Two tokens with one space between them.
    static func pair(_ line: ArraySlice<UInt8>) -> (left: [UInt8], right: [UInt8])? {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (Array(parts[0]), Array(parts[1]))
    }

    /// The text of `vocab.json`: all tokens but the added ones other than `<|endoftext|>`.
    static func vocabularyJSON(_ vocabulary: Vocabulary) -> [UInt8] {
        var members: [(spelling: [UInt8], id: Int32)] = []
        for (id, token) in vocabulary.tokens.enumerated() {
            if !vocabulary.standalone.contains(Int32(id)) {
                members.append((ByteAlphabet.encode(token), Int32(id)))
            } else if token == Vocabulary.endOfTextSpelling {
                members.append((token, Int32(id)))
            }
        }
        return object(members)
    }

    /// The text of `added_tokens.json`: the tokens that `vocab.json` leaves out; nil if there is none.
    static func addedTokensJSON(_ vocabulary: Vocabulary) -> [UInt8]? {
        let added = vocabulary.standalone.sorted()
            .map { (vocabulary.tokens[Int($0)], $0) }
            .filter { $0.0 != Vocabulary.endOfTextSpelling }
        return added.isEmpty ? nil : object(added)
    }

    private static func object(_ members: [(spelling: [UInt8], id: Int32)]) -> [UInt8] {
        var text = Array("{".utf8)
        for (place, member) in members.enumerated() {
            if place > 0 { text.append(contentsOf: ", ".utf8) }
            JSONText.appendString(member.spelling, to: &text)
            text.append(contentsOf: ": \(member.id)".utf8)
        }
        return text + Array("}\n".utf8)
    }

    /// The text of `merges.txt`.
    static func mergesText(_ vocabulary: Vocabulary) -> [UInt8] {
        var text = Array("#version: 0.2\n".utf8)
        for (left, right) in vocabulary.merges {
            text += ByteAlphabet.encode(vocabulary.tokens[Int(left)])
            text.append(0x20)
            text += ByteAlphabet.encode(vocabulary.tokens[Int(right)])
            text.append(0x0A)
        }
        return text
    }
}

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
        if !description.isCutLikeGPT2 { files.append(("tokenizer.json", description.json)) }
        if !otherEndings.isEmpty { files.append(("generation_config.json", generation)) }
        return files
    }

    /// The text of `tokenizer_config.json`.
    private var configuration: [UInt8] {
        let added = description.added.map { "    \"\($0.id)\": {\($0.jsonMembers)}" }
        let text = """
            {
              "add_bos_token": \(beginsEveryText),
              "add_prefix_space": \(description.preTokenizer.addsPrefixSpace),
              "added_tokens_decoder": {
            \(added.joined(separator: ",\n"))
              },
              "bos_token": \(spelling(of: beginningOfText)),
              "eos_token": \(spelling(of: endOfText)),
              "tokenizer_class": "\(description.isCutLikeGPT2 ? "GPT2Tokenizer" : "PreTrainedTokenizerFast")"
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
        return JSONText.quoted(
            vocabulary.standalone.contains(id) ? token : ByteAlphabet.encode(token)
        )
    }
}
