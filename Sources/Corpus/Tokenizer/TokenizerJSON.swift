/// Opens Hugging Face's `tokenizer.json` when it describes a byte-level BPE as GPT-2's.
///
/// Anything that would give other ids than GPT-2's algorithm is refused by name: another model,
/// a normaliser, a prefix space, another pre-tokeniser, dropout, merges that are skipped.
enum TokenizerJSON {
    static func read(path: String) throws(CorpusError) -> Vocabulary {
        let file = try VocabularyFiles.json(path)
        guard let model = file["model"] else {
            throw .malformedFile(path: path, problem: "it has no \"model\"")
        }
        try check(file, model: model, path: path)
        var entries = try VocabularyFiles.entries(of: model["vocab"], path: path)
        let specials = try addSpecials(of: file["added_tokens"], to: &entries, path: path)
        return try Vocabulary(
            entries: entries,
            specials: specials,
            merges: try merges(model["merges"], path: path),
            path: path
        )
    }

    private static func check(_ file: JSONValue, model: JSONValue, path: String) throws(CorpusError)
    {
        func refuse(_ what: String) -> CorpusError {
            .malformedFile(path: path, problem: "\(what), so it is not GPT-2's byte-level BPE")
        }
        func isAbsent(_ value: JSONValue?) -> Bool { value == nil || value == .null }
        guard model["type"] == nil || model["type"] == .string(Array("BPE".utf8)) else {
            throw refuse("its model is not BPE")
        }
        guard isAbsent(model["dropout"]) else { throw refuse("it uses dropout") }
        guard model["ignore_merges"] != .bool(true) else { throw refuse("it ignores merges") }
        guard model["byte_fallback"] != .bool(true) else { throw refuse("it falls back to bytes") }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard isAbsent(model[key]) || model[key] == .string([]) else {
                throw refuse("it has a \(key)")
            }
        }
        guard isAbsent(file["normalizer"]) else { throw refuse("it has a normalizer") }
        let cut = file["pre_tokenizer"]
        guard cut?["type"] == .string(Array("ByteLevel".utf8)) else {
            throw refuse("its pre_tokenizer is not ByteLevel")
        }
        guard cut?["add_prefix_space"] == .bool(false) else {
            throw refuse("it adds a prefix space")
        }
        guard cut?["use_regex"] != .bool(false) else { throw refuse("it does not cut into words") }
    }

    /// Adds tokens that only `added_tokens` has, and returns the spellings of all of them.
    private static func addSpecials(
        of value: JSONValue?,
        to entries: inout [(spelling: [UInt8], id: Int)],
        path: String
    ) throws(CorpusError) -> Set<[UInt8]> {
        guard case .array(let added) = value else { return [] }
        var specials: [(spelling: [UInt8], id: Int)] = []
        for token in added {
            guard case .string(let spelling) = token["content"], let id = token["id"]?.integer
            else {
                throw .malformedFile(path: path, problem: "an added token lacks content or id")
            }
            specials.append((spelling, id))
        }
        try VocabularyFiles.add(specials, to: &entries, path: path)
        return Set(specials.map(\.spelling))
    }

    /// Merges as `"a b"` or as `["a", "b"]`; both are in use.
    private static func merges(
        _ value: JSONValue?,
        path: String
    ) throws(CorpusError) -> [(left: [UInt8], right: [UInt8])] {
        guard case .array(let elements) = value else {
            throw .malformedFile(path: path, problem: "\"merges\" is not a list")
        }
        var merges: [(left: [UInt8], right: [UInt8])] = []
        merges.reserveCapacity(elements.count)
        for (rank, element) in elements.enumerated() {
            switch element {
            case .string(let line):
                if let pair = VocabularyFiles.pair(line[...]) { merges.append(pair) }
            case .array(let parts):
                if parts.count == 2, case .string(let left) = parts[0],
                    case .string(let right) = parts[1]
                {
                    merges.append((left, right))
                }
            default: break
            }
            guard merges.count == rank + 1 else {
                throw .malformedFile(path: path, problem: "merge \(rank + 1) is not two tokens")
            }
        }
        return merges
    }
}
