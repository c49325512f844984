import Crypto

/// One file of a release and its digest.
public struct ReleasedFile: Codable, Equatable, Sendable {
    /// Its name in the folder of the release.
    public let name: String
    /// Its length in bytes.
    public let bytes: Int
    /// Its SHA-256.
    public let sha256: ContentDigest

    /// Reads a file and describes it.
    ///
    /// - Throws: `LedgerError.fileFailed` if it cannot be read, or is a symbolic link.
    public init(_ name: String, in folder: String) throws(LedgerError) {
        var hash = SHA256()
        var length = 0
        try FilePieces.read(folder + "/" + name, noFollow: true) { piece in
            hash.update(data: piece)
            length += piece.count
        }
        self.name = name
        bytes = length
        sha256 = ContentDigest(bytes: hash.finalize())
    }
}
