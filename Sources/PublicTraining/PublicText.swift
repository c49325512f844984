import Corpus
import LanguageModel
import SeededRandomness
import Training

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

/// Public documents cut into training windows, for pre-training only.
///
/// A document's tokens are cut into pieces of `windowLength + 1` that overlap by one, so that every
/// token but the first is predicted once an epoch. No window crosses from one document into another.
struct DocumentWindows: Sendable {
    /// Every document's tokens, one after another.
    private let tokens: [Int32]
    /// Where each window starts and how many tokens it holds, at least 2.
    private let windows: [(start: Int, count: Int)]
    /// Tokens predicted in one epoch.
    let predictedTokens: Int

    /// Cuts documents whose end-of-text tokens are in place.
    init(documents: [[Int32]], windowLength: Int) {
        var tokens: [Int32] = []
        var windows: [(start: Int, count: Int)] = []
        for document in documents {
            var start = tokens.count
            tokens.append(contentsOf: document)
            while start < tokens.count - 1 {
                let count = min(windowLength + 1, tokens.count - start)
                windows.append((start, count))
                start += count - 1
            }
        }
        self.init(tokens: tokens, windows: windows)
    }

    private init(tokens: [Int32], windows: [(start: Int, count: Int)]) {
        self.tokens = tokens
        self.windows = windows
        predictedTokens = windows.reduce(0) { $0 + $1.count - 1 }
    }

    /// Only the windows of these indices.
    func keeping(_ indices: [Int]) -> DocumentWindows {
        DocumentWindows(tokens: tokens, windows: indices.map { windows[$0] })
    }

    /// Tokens that window `index` predicts.
    func predictedCount(_ index: Int) -> Int { windows[index].count - 1 }

    /// How many windows an epoch has.
    var count: Int { windows.count }

    /// The tokens of window `index`.
    subscript(index: Int) -> ArraySlice<Int32> {
        let window = windows[index]
        return tokens[window.start..<window.start + window.count]
    }
}

/// The order in which public training draws its windows: a shuffle for each epoch.
struct WindowOrder {
    /// The stream of a seed that orders windows.
    private static let stream: UInt64 = 0x57D0

    private let count: Int
    private var shuffled: [Int] = []
    /// Passes that are complete.
    private(set) var epoch: Int
    /// Windows drawn in the present pass.
    private(set) var position: Int

    /// Continues after `position` windows of pass `epoch`.
    init(count: Int, epoch: Int = 0, position: Int = 0) {
        precondition(count > 0, "an order of \(count) windows")
        self.count = count
        self.epoch = epoch
        self.position = position
        shuffle()
    }

    /// The next window, from a new shuffle when a pass is complete.
    mutating func next() -> Int {
        if position >= count {
            epoch += 1
            position = 0
            shuffle()
        }
        defer { position += 1 }
        return shuffled[position]
    }

    private mutating func shuffle() {
        var generator = SplitMix64(seed: UInt64(epoch), stream: Self.stream)
        shuffled = Array(0..<count).shuffled(using: &generator)
    }
}
