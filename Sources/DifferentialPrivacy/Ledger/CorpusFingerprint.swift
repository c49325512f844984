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
