import Cryptography
public import DifferentialPrivacy
import Foundation

/// The Ed25519 key that releases are signed with (RFC 8032), from a file of the user's.
///
/// The file is what `openssl genpkey -algorithm ed25519` writes: PEM around PKCS #8 (RFC 8410, Sec. 7).
/// It is read, and never copied.
public struct SigningKey: Sendable {
    private let key: Ed25519.PrivateKey
    /// Whether others than its owner may read the file.
    public let isReadableByOthers: Bool

    /// Reads a private key.
    ///
    /// - Throws: `SignatureError.missing`, `.notPrivate`, `.encrypted`.
    public init(file path: String) throws(SignatureError) {
        let text = try PEMText(file: path)
        guard text.contents(of: "ENCRYPTED PRIVATE KEY") == nil else {
            throw .encrypted(path: path)
        }
        guard let bytes = text.contents(of: "PRIVATE KEY"), bytes.starts(with: Self.prefix),
            let key = Ed25519.PrivateKey(Array(bytes.dropFirst(Self.prefix.count)))
        else { throw .notPrivate(path: path) }
        self.key = key
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path
        )
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        isReadableByOthers = mode & 0o077 != 0
    }

    /// What precedes the 32 bytes of the key in DER: the version and the algorithm 1.3.101.112.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]

    /// The key that others check with.
    public var verificationKey: VerificationKey { VerificationKey(key.publicKey) }

    /// Signs the `privacy.json` of a release, which must name this key, and writes the signature beside it.
    ///
    /// - Throws: `ManifestError.missing`, `LedgerError` if a file cannot be read or written.
    public func sign(releaseIn folder: String) throws {
        let path = folder + "/" + PrivacyManifest.fileName
        let files = SystemFiles()
        guard let bytes = try files.contents(of: path) else {
            throw ManifestError.missing(path: path)
        }
        let signature = key.signature(of: bytes)
        try files.writeNewFile(
            folder + "/" + PrivacyManifest.signatureName,
            signature
        )
        try files.synchronizeFolder(folder)
    }

    /// Writes a copy of a release into an empty folder, with a statement that names this key, and signs it.
    ///
    /// - Returns: The statement, as written.
    /// - Throws: `ManifestError.mismatch` if the release is not what it says; what `ManifestCheck` throws;
    ///   `LedgerError` if a file cannot be read or written.
    public func sign(copyOf folder: String, to out: String) throws -> PrivacyManifest {
        let check = try ManifestCheck(folder: folder)
        guard check.problems.isEmpty else {
            throw ManifestError.mismatch(path: folder, problems: check.problems)
        }
        var manifest = check.manifest
        manifest.signedBy = verificationKey.id
        let files = SystemFiles()
        for file in manifest.files {
            let bytes = try files.contents(of: folder + "/" + file.name) ?? []
            try files.writeNewFile(out + "/" + file.name, bytes)
        }
        try manifest.write(to: out)
        try sign(releaseIn: out)
        return manifest
    }
}

/// The public half of a `SigningKey`, as `openssl pkey -pubout` writes it.
public struct VerificationKey: Sendable {
    private let key: Ed25519.PublicKey

    init(_ key: Ed25519.PublicKey) { self.key = key }

    /// Reads a public key: PEM around SubjectPublicKeyInfo (RFC 8410, Section 4).
    ///
    /// - Throws: `SignatureError.missing`, `.notPublic`.
    public init(file path: String) throws(SignatureError) {
        let text = try PEMText(file: path)
        guard let bytes = text.contents(of: "PUBLIC KEY"), bytes.starts(with: Self.prefix),
            let key = Ed25519.PublicKey(Array(bytes.dropFirst(Self.prefix.count)))
        else { throw .notPublic(path: path) }
        self.key = key
    }

    private static let prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// SHA-256 of the key in DER: what `openssl pkey -pubin -outform DER | sha256sum` prints.
    public var id: ContentDigest {
        ContentDigest(ofContents: Self.prefix + key.bytes)
    }

    /// Whether these are the 64 bytes that the key signs `contents` with.
    func isValid(signature: [UInt8], of contents: [UInt8]) -> Bool {
        key.accepts(signature: signature, of: contents)
    }
}

/// Why a key cannot be used.
public enum SignatureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case missing(path: String)
    /// The file is not a private Ed25519 key.
    case notPrivate(path: String)
    /// The file is a private key under a password.
    case encrypted(path: String)
    /// The file is not a public Ed25519 key.
    case notPublic(path: String)

    /// What is wrong, where, and what to do; nothing of the file.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such file, or it cannot be read"
        case .notPrivate(let path):
            "\(path): not a private Ed25519 key in PEM. Make one with"
                + " `openssl genpkey -algorithm ed25519 -out key.pem`."
        case .encrypted(let path):
            "\(path): the key is under a password. Write it without one to a place that only you can"
                + " read: `openssl pkey -in key.pem -out plain.pem`."
        case .notPublic(let path):
            "\(path): not a public Ed25519 key in PEM. Get it from the private one with"
                + " `openssl pkey -in key.pem -pubout -out public.pem`."
        }
    }
}

/// The text form of keys (RFC 7468).
private struct PEMText {
    private let text: String

    init(file path: String) throws(SignatureError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .missing(path: path)
        }
        text = String(decoding: data, as: UTF8.self)
    }

    /// The bytes between the lines that begin and end something of that name; nil if it is not there once.
    func contents(of label: String) -> [UInt8]? {
        let parts = text.split(
            separator: "-----BEGIN \(label)-----",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        let ends = parts[1].split(
            separator: "-----END \(label)-----",
            omittingEmptySubsequences: false
        )
        guard ends.count == 2 else { return nil }
        let base64 = ends[0].filter { !$0.isWhitespace }
        return Data(base64Encoded: String(base64)).map(Array.init)
    }
}
