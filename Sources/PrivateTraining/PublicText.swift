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

    /// Reads and tokenizes all documents of the files, and the labelled records if there are any.
    init(
        paths: [String],
        column: String,
        labelled: LabelledText?,
        tokenizer: BytePairTokenizer,
        windowLength: Int
    ) throws(CorpusError) {
        let end = tokenizer.endOfText
        var documents: [[Int32]] = []
        var heldOut: [[Int32]] = []
        try Self.read(paths, ColumnSelection(text: column)) { record in
            let tokens = [end] + tokenizer.encode(record.text) + [end]
            if (documents.count + heldOut.count) % Self.heldOutInterval == 7 {
                heldOut.append(tokens)
            } else {
                documents.append(tokens)
            }
        }
        guard !documents.isEmpty else { throw .noUsableRecord(paths: paths) }
        if let labelled {
            // Nothing stands before the labels here either, as in private examples.
            let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: windowLength)
            let columns = ColumnSelection(text: column, labels: labelled.columns)
            let before = documents.count
            try Self.read(labelled.paths, columns) { record in
                documents.append(encoder.prefix(labels: record.labels))
                documents[documents.count - 1] += tokenizer.encode(record.text) + [end]
            }
            guard documents.count > before else { throw .noUsableRecord(paths: labelled.paths) }
        }
        training = DocumentWindows(documents: documents, windowLength: windowLength)
        self.heldOut = DocumentWindows(documents: heldOut, windowLength: windowLength)
            .spread(over: Self.heldOutWindows)
        var bytes = 0
        for index in 0..<self.heldOut.count {
            bytes += tokenizer.decode(self.heldOut[index].dropFirst().filter { $0 != end }).count
        }
        heldOutBytes = bytes
    }

    private static func read(
        _ paths: [String],
        _ columns: ColumnSelection,
        use: (Record) -> Void
    ) throws(CorpusError) {
        var reader = try CorpusReader(paths: paths, columns: columns, recordLimit: 64 << 20)
        while let outcome = try reader.next() {
            if case .record(let record) = outcome { use(record) }
        }
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
