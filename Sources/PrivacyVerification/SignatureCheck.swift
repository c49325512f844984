import Cryptography
public import DifferentialPrivacy

/// What is known of who made a release.
public enum SignatureState: Equatable, Sendable {
    /// It does not say that it is signed.
    case unsigned
    /// It says whose signature it carries; nobody has said which key to hold it to.
    case unchecked(keyID: ContentDigest)
    /// Signed with the key that was given.
    case valid(keyID: ContentDigest)
    /// Not signed with the key that was given, or its signature is not there.
    case invalid
}

/// Holds `privacy.json`, which names every other file's digest, to its signature.
struct SignatureCheck {
    let state: SignatureState
    let problems: [String]

    /// - Throws: `LedgerError.fileFailed` if the signature cannot be read.
    init(
        of manifest: PrivacyManifest,
        contents: [UInt8],
        in folder: String,
        by key: VerificationKey?
    ) throws {
        let name = PrivacyManifest.signatureName
        let signature = try SystemFiles().contents(of: folder + "/" + name)
        let problem: String? =
            switch (manifest.signedBy, signature, key) {
            case (nil, nil, nil): nil
            case (nil, nil, .some): "it is not signed"
            case (nil, .some, _): "\(name) is there, but the release says that it is not signed"
            case (.some(let id), nil, _): "\(name) is missing; it was signed with the key \(id)"
            case (.some, .some(let bytes), nil):
                bytes.count == Ed25519.signatureLength
                    ? nil : "\(name) is not a signature"
            case (.some(let id), .some(let bytes), .some(let key)):
                if id != key.id {
                    "it is signed with the key \(id), not with \(key.id)"
                } else if !key.isValid(signature: bytes, of: contents) {
                    "\(name) is not the signature of \(PrivacyManifest.fileName)"
                } else {
                    nil
                }
            }
        problems = problem.map { [$0] } ?? []
        state =
            if problem != nil {
                .invalid
            } else if let id = manifest.signedBy {
                key == nil ? .unchecked(keyID: id) : .valid(keyID: id)
            } else {
                .unsigned
            }
    }
}
