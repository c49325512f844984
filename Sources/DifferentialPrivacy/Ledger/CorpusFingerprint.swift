import Cryptography

/// Recognises a corpus without saying anything about it.
///
///     fileᵢ = HMAC-SHA-256(key, bytes of file i),   columns = HMAC-SHA-256(key, column choice)
///
/// Two runs used the same corpus if they share a file, whatever columns they read.
public struct CorpusFingerprint: Codable, Hashable, Sendable {
    /// One for each file, in the order they were given.
    public let files: [ContentDigest]
    /// The choice of columns.
    public let columns: ContentDigest

    init(files: [ContentDigest], columns: ContentDigest) {
        self.files = files
        self.columns = columns
    }

    /// Reads the files once, in pieces.
    ///
    /// - Parameters:
    ///   - paths: The corpus files; symbolic links are followed.
    ///   - columns: Names of text, label and user columns, in a fixed order.
    ///   - key: The key of the folder that the run will be in.
    /// - Throws: `LedgerError.fileFailed` if a file cannot be read.
    public init(
        paths: [String],
        columns: [String],
        key: FingerprintKey
    ) throws(LedgerError) {
        var files: [ContentDigest] = []
        for path in paths {
            var code = KeyedHash(key: key.key)
            code.update(Array("file".utf8))
            try FilePieces.read(path) { code.update($0) }
            files.append(ContentDigest(bytes: code.finalize()))
        }
        self.files = files
        var message: [UInt8] = []
        for column in columns { message.appendField(column.utf8) }
        var code = KeyedHash(key: key.key)
        code.update(Array("columns".utf8) + message)
        self.columns = ContentDigest(bytes: code.finalize())
    }

    /// True if the two share a file.
    public func sharesCorpus(with other: CorpusFingerprint) -> Bool {
        !Set(files).isDisjoint(with: other.files)
    }
}

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
