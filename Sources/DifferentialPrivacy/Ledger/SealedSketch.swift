import Cryptography
import FoundationEssentials

/// A sketch of a corpus' records as a ledger holds it: without the key it is noise of one length.
///
///     box = AES-256-GCM(HMAC-SHA-256(key, "sketch key"), nonce, k hashes of 8 bytes)
///
/// The nonce is a code of the hashes (a synthetic nonce, as in RFC 8452): one for each content, and equal
/// corpora have equal boxes, so that equal seeded runs have equal ledgers.
///
/// Its length does not depend on the corpus, so that neither the ledger nor its size tells how many
/// records there are.
public struct SealedSketch: Codable, Equatable, Sendable {
    /// Names the key: another folder's key put in its place is noticed.
    public let key: ContentDigest
    private let box: Data

    /// Seals a sketch under the key that it was made with.
    ///
    /// - Throws: `LedgerError.unusableSecret` if the key serves no encryption.
    public init(_ sketch: CorpusSketch, key: FingerprintKey) throws(LedgerError) {
        precondition(sketch.key == key.identifier, "a sketch is sealed under its own key")
        let code = key.authenticationCode(of: Array("sketch nonce".utf8) + sketch.bytes)
        self.key = sketch.key
        box = Data(
            Self.cipher(key).seal(sketch.bytes, nonce: Array(code.prefix(BlockCipher.nonceLength)))
        )
    }

    /// The sketch; nil under another key, or if the box was damaged.
    func open(with key: FingerprintKey) -> CorpusSketch? {
        guard key.identifier == self.key, let bytes = Self.cipher(key).open(Array(box)) else {
            return nil
        }
        return CorpusSketch(key: self.key, bytes: bytes)
    }

    private static func cipher(_ key: FingerprintKey) -> BlockCipher {
        BlockCipher(key: SecretKey(key.authenticationCode(of: Array("sketch key".utf8))))
    }
}
