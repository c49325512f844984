import Corpus
import LanguageModel

/// Tokenized public documents: windows to train on and windows held out.
struct PublicText: Sendable {
    /// One document in this many is held out.
    private static let heldOutInterval = 100
    /// Windows that a held-out loss is measured on, at most.
    private static let heldOutWindows = 256

    /// What is trained on.
    let training: DocumentWindows
    /// What is never trained on.
    let heldOut: DocumentWindows
    /// Bytes of the held-out windows' text, for losses in bits per byte.
    let heldOutBytes: Int

    /// Reads and tokenizes all documents of the files.
    init(
        paths: [String],
        column: String,
        tokenizer: BytePairTokenizer,
        windowLength: Int
    ) throws(CorpusError) {
        var reader = try CorpusReader(
            paths: paths,
            columns: ColumnSelection(text: column),
            recordLimit: 64 << 20
        )
        var documents: [[Int32]] = []
        var heldOut: [[Int32]] = []
        while let outcome = try reader.next() {
            guard case .record(let record) = outcome else { continue }
            let tokens = tokenizer.encode(record.text)
            if (documents.count + heldOut.count) % Self.heldOutInterval == 7 {
                heldOut.append(tokens)
            } else {
                documents.append(tokens)
            }
        }
        guard !documents.isEmpty else { throw .noUsableRecord(paths: paths) }
        let end = tokenizer.endOfText
        training = DocumentWindows(
            documents: documents,
            endOfText: end,
            windowLength: windowLength
        )
        self.heldOut = DocumentWindows(
            documents: heldOut,
            endOfText: end,
            windowLength: windowLength
        )
        .spread(over: Self.heldOutWindows)
        var bytes = 0
        for index in 0..<self.heldOut.count {
            bytes += tokenizer.decode(self.heldOut[index].dropFirst().filter { $0 != end }).count
        }
        heldOutBytes = bytes
    }

    /// The held-out windows as shards, one unit a window.
    func heldOutShards(by rule: MicroBatchRule) -> [TokenBatch] {
        rule.shards(
            of: (0..<heldOut.count).map { [TokenBatch.Sequence(tokens: Array(heldOut[$0]))] }
        )
    }
}

extension DocumentWindows {
    /// At most `limit` of the windows, evenly spread.
    func spread(over limit: Int) -> DocumentWindows {
        guard count > limit else { return self }
        return keeping((0..<limit).map { $0 * count / limit })
    }
}
