/// Turns records into training examples.
///
/// The layout is that of the code released with Yue and others 2023 (arXiv:2210.14348):
///
///     ids = encode(labels joined by TAB) + newline + newline + encode(text) + end-of-text
///     ids = begin + encode(text) + end-of-text                       without label columns
///
/// - `begin` is end-of-text, or what the tokenizer's folder names as the beginning of a text; where
///   the folder puts it before every text, it stands before the labels, too.
/// - The newlines are two single-newline tokens, as joint encoding gives before a letter.
/// - The sequence length counts everything. What is beyond it is cut from the end, and then the
///   example has no end-of-text.
/// - The text and end-of-text are predicted with loss; the label tokens are only read.
/// - One record is one example, and depends on no other record.
package struct ExampleEncoder: Sendable {
    /// The tokenizer in use.
    package let tokenizer: BytePairTokenizer
    /// The most tokens of an example.
    package let sequenceLength: Int
    /// The public label values; nil if records have no labels.
    package let labelSet: LabelSet?

    /// An encoder for examples of at most that many tokens.
    ///
    /// - Precondition: The sequence length is at least 2, or there would be nothing to predict.
    package init(
        tokenizer: BytePairTokenizer,
        sequenceLength: Int,
        labelSet: LabelSet? = nil
    ) {
        precondition(sequenceLength >= 2, "sequenceLength is \(sequenceLength); it must be >= 2")
        self.tokenizer = tokenizer
        self.sequenceLength = sequenceLength
        self.labelSet = labelSet?.columns.isEmpty == true ? nil : labelSet
    }

    /// The ids that stand before the text, in training as in sampling.
    ///
    /// Labels are one value per label column; none without label columns.
    package func prefix(labels: [[UInt8]]) -> [Int32] {
        if labels.isEmpty { return [tokenizer.beginningOfText] }
        let joined = Array(labels.joined(separator: [0x09]))
        return (tokenizer.beginsEveryText ? [tokenizer.beginningOfText] : [])
            + tokenizer.encode(joined) + [tokenizer.newline, tokenizer.newline]
    }

    /// The record's example, or why it has none: an unknown label, or labels that leave no room.
    package func example(for record: Record) -> Result<TokenizedExample, BadRecord> {
        func bad(_ reason: BadRecord.Reason) -> Result<TokenizedExample, BadRecord> {
            .failure(BadRecord(number: record.number, reason: reason))
        }
        let labels = labelSet.map { $0.ownSpelling(of: record.labels) } ?? []
        guard let labels else { return bad(.unknownLabel) }
        let prefix = prefix(labels: labels)
        guard prefix.count < sequenceLength else { return bad(.labelsTooLong) }
        let text = tokenizer.encode(record.text)
        guard !text.isEmpty else { return bad(.emptyText) }
        let tokens = Array((prefix + text + [tokenizer.endOfText]).prefix(sequenceLength))
        return .success(TokenizedExample(tokens: tokens, lossStart: prefix.count))
    }

    /// How many tokens the record would have without truncation, with labels as they are.
    package func fullLength(of record: Record) -> Int {
        prefix(labels: labelSet?.ownSpelling(of: record.labels) ?? record.labels).count
            + tokenizer.encode(record.text).count + 1
    }
}

/// One record as token ids: private.
package struct TokenizedExample: Equatable, Sendable {
    /// Labels, text and end-of-text; at least two ids.
    package let tokens: [Int32]
    /// The first token that is predicted with loss, in 1..<tokens.count.
    package let lossStart: Int

    /// An example of those ids.
    package init(tokens: [Int32], lossStart: Int) {
        precondition(
            lossStart >= 1 && lossStart < tokens.count,
            "lossStart is \(lossStart); it must be in 1..<\(tokens.count)"
        )
        self.tokens = tokens
        self.lossStart = lossStart
    }
}

extension TokenizedExample: CustomStringConvertible, CustomDebugStringConvertible {
    /// The length alone, so that no log shows private text.
    package var description: String { "TokenizedExample(\(tokens.count) tokens)" }
    /// The same as `description`.
    package var debugDescription: String { description }
}

extension Record: CustomStringConvertible, CustomDebugStringConvertible {
    /// The record's number alone, so that no log shows private text.
    package var description: String { "Record \(number)" }
    /// The same as `description`.
    package var debugDescription: String { description }
}
