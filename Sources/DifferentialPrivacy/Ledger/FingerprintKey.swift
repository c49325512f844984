import Cryptography

/// The key that makes corpus fingerprints useless to whoever does not have it.
///
/// One for each folder of runs, in the file `.key` (0600): without it, a fingerprint in a ledger
/// would confirm a guess at the corpus.
public struct FingerprintKey: Sendable {
    package static let fileName = ".key"
    private static let magic = "dpscribe-fingerprint-key-1"

    let key: SecretKey

    /// Draws a key from the operating system's generator.
    static func fromSystem() -> FingerprintKey { FingerprintKey(key: SecretKey.fromSystem()) }

    private init(key: SecretKey) { self.key = key }

    var fileContents: [UInt8] {
        Array("\(Self.magic) \(key.bytes.hexadecimal)\n".utf8)
    }

    init(fileContents: [UInt8], path: String) throws(LedgerError) {
        let text = String(decoding: fileContents, as: UTF8.self)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == Self.magic, parts[1].utf8.last == UInt8(ascii: "\n"),
            let bytes = [UInt8](hexadecimal: String(parts[1].dropLast())), bytes.count == 32
        else { throw .unusableSecret(path: path, reason: "it is not a fingerprint key") }
        key = SecretKey(bytes)
    }
}

extension FingerprintKey {
    /// Names the key without giving it away: ledgers carry it, so that another key is noticed.
    public var identifier: ContentDigest {
        ContentDigest(bytes: authenticationCode(of: Array("key identifier".utf8)))
    }

    /// HMAC-SHA-256 of `message`: for choices that must not tell anything about what is chosen.
    package func authenticationCode(of message: [UInt8]) -> [UInt8] {
        KeyedHash.code(of: message, key: key)
    }
}
