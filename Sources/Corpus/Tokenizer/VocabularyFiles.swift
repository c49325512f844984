import Foundation

/// Reads and writes vocabularies as Hugging Face lays them out.
enum VocabularyFiles {
    /// No vocabulary file is read beyond this many bytes.
    static let sizeLimit = 32 << 20
    /// The file of special tokens other than end-of-text, which `vocab.json` has no spelling for.
    static let addedTokensName = "added_tokens.json"

    /// Opens `vocab.json`, `merges.txt` and, if there is one, `added_tokens.json` of the folder, or
    /// else its `tokenizer.json`.
    static func read(folder: String) throws(CorpusError) -> Vocabulary {
        let vocabulary = folder + "/vocab.json"
        let merges = folder + "/merges.txt"
        let added = folder + "/" + addedTokensName
        let tokenizer = folder + "/tokenizer.json"
        if InputFile.exists(vocabulary), InputFile.exists(merges) {
            var all = try entries(of: try json(vocabulary), path: vocabulary)
            let specials =
                InputFile.exists(added) ? try entries(of: try json(added), path: added) : []
            try add(specials, to: &all, path: added)
            return try Vocabulary(
                entries: all,
                specials: Set(specials.map(\.spelling)),
                merges: try mergeLines(path: merges),
                path: vocabulary
            )
        }
        if InputFile.exists(tokenizer) { return try TokenizerJSON.read(path: tokenizer) }
        throw .noSuchFile(path: InputFile.exists(vocabulary) ? merges : vocabulary)
    }

    /// Adds tokens that stand for themselves, but for those that are among the others already.
    static func add(
        _ specials: [(spelling: [UInt8], id: Int)],
        to entries: inout [(spelling: [UInt8], id: Int)],
        path: String
    ) throws(CorpusError) {
        let known = Dictionary(entries.map { ($0.spelling, $0.id) }, uniquingKeysWith: { $1 })
        for special in specials {
            guard let id = known[special.spelling] else {
                entries.append(special)
                continue
            }
            guard id == special.id else {
                throw .malformedFile(
                    path: path,
                    problem: "added token \(special.id) has id \(id) too"
                )
            }
        }
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

    /// The text of `vocab.json`: all tokens but those of `added_tokens.json`.
    static func vocabularyJSON(_ vocabulary: Vocabulary) -> [UInt8] {
        let added = vocabulary.added
        let members = vocabulary.tokens.enumerated().lazy
            .map { (id: Int32($0), token: $1) }
            .filter { !added.contains($0.id) }
            .map { id, token in
                (id == vocabulary.endOfText ? token : ByteAlphabet.encode(token), id)
            }
        return object(Array(members))
    }

    /// The text of `added_tokens.json`, or nil if end-of-text is the only special token.
    static func addedTokensJSON(_ vocabulary: Vocabulary) -> [UInt8]? {
        let added = vocabulary.added.sorted()
        return added.isEmpty ? nil : object(added.map { (vocabulary.tokens[Int($0)], $0) })
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
