package import Corpus

/// What was read of a private corpus, in counts: for its owner's eyes, and in no file of a run.
///
/// A record more or less shows in them, so they are private diagnostics.
package struct CorpusCounts: Sendable, Equatable {
    /// Records that cannot be used, by reason.
    package private(set) var dropped: [BadRecord.Reason: Int] = [:]
    /// Records that can be used.
    package private(set) var usable = 0
    /// Those among them of which the sequence length cuts something off.
    package private(set) var cut = 0
    /// Tokens of the usable records together, labels included, before anything is cut off.
    private var tokens = 0

    /// Begins with the records that could not even be read.
    init(_ bad: [BadRecord]) { bad.forEach { add($0) } }

    /// Records read, dropped ones included.
    package var read: Int { usable + droppedCount }

    /// Records dropped.
    package var droppedCount: Int { dropped.values.reduce(0, +) }

    /// Tokens of a usable record in the mean, before anything is cut off; nil without records.
    package var meanTokens: Double? { usable > 0 ? Double(tokens) / Double(usable) : nil }

    mutating func add(_ bad: BadRecord) { dropped[bad.reason, default: 0] += 1 }

    mutating func add(_ example: TokenizedExample, of record: Record, _ encoder: ExampleEncoder) {
        usable += 1
        // An example that is whole ends with end-of-text.
        let isCut = example.tokens.last != encoder.tokenizer.endOfText
        cut += isCut ? 1 : 0
        tokens += isCut ? encoder.fullLength(of: record) : example.tokens.count
    }
}
