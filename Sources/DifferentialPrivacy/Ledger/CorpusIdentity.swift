/// What ties a corpus to others: the bytes of its files, and the texts of its records.
public struct CorpusIdentity: Equatable, Sendable {
    /// The files and the choice of columns.
    public let files: CorpusFingerprint
    /// The records; nil in ledgers from before they were remembered.
    public let texts: CorpusSketch?

    /// States what is known of a corpus.
    public init(files: CorpusFingerprint, texts: CorpusSketch?) {
        self.files = files
        self.texts = texts
    }

    /// What this corpus has in common with another; nil if nothing is seen.
    ///
    /// A file in common ties them whatever was read of it: other columns hold the same people.
    public func overlap(with other: CorpusIdentity) -> CorpusOverlap? {
        if let texts, let others = other.texts, let found = texts.overlap(with: others) {
            return found
        }
        return files.sharesCorpus(with: other.files) ? .file : nil
    }
}

/// What two corpora have in common.
public struct CorpusOverlap: Equatable, Sendable {
    /// The share of a corpus' different texts that the other one has, in (0, 1], estimated where a
    /// corpus is large; nil where only a file is known to be the same.
    public let share: Double?
    /// The share of the other's texts that this one has, likewise.
    public let shareOfOther: Double?

    init(share: Double?, shareOfOther: Double?) {
        self.share = share
        self.shareOfOther = shareOfOther
    }

    /// A file in common, and nothing known of its records.
    static let file = CorpusOverlap(share: nil, shareOfOther: nil)
}
