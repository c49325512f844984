import Cryptography
import Foundation
import Testing

@testable import DifferentialPrivacy
@testable import PrivacyVerification

@Suite struct SignatureTests {
    /// The example keys of RFC 8410, Section 10.
    static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----

        """
    static let publicKey = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----

        """
    private static let otherPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----

        """

    private let folder: ReleaseFolder

    init() throws { folder = try ReleaseFolder() }

    /// Writes a key file.
    static func write(_ text: String, in folder: ReleaseFolder, mode: Int = 0o600) throws -> String
    {
        let path = folder.path + "/" + UUID().uuidString + ".pem"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func release(signedWith key: SigningKey?) throws {
        var manifest = try MadeManifests.unseeded.get()
        manifest.signedBy = key?.verificationKey.id
        try folder.fill(with: manifest)
        try key?.sign(releaseIn: folder.path)
    }

    private func check(_ key: VerificationKey?) throws -> SignatureCheck {
        let contents = try folder.manifestBytes
        return try SignatureCheck(
            of: PrivacyManifest(fileContents: contents, path: ""),
            contents: contents,
            in: folder.path,
            by: key
        )
    }

    private func keys() throws -> (SigningKey, VerificationKey, other: VerificationKey) {
        (
            try SigningKey(file: try Self.write(Self.privateKey, in: folder)),
            try VerificationKey(file: try Self.write(Self.publicKey, in: folder)),
            try VerificationKey(file: try Self.write(Self.otherPublicKey, in: folder))
        )
    }

    /// OpenSSL 3.0.19: `printf dpscribe > m; openssl pkeyutl -sign -rawin -inkey key.pem -in m`.
    @Test func signaturesOfOpenSSLAreValid() throws {
        let (signing, key, other) = try keys()
        let hexadecimal =
            "703df94f864daa78e1b4d8509a0e7b57720a2f7becd373cd10c449683f1ac3af"
            + "e1817ce84f05361ea06c14404ef4f5e1e3ec4efac45bffd38512d0dc434a8d05"
        let signature = try #require([UInt8](hexadecimal: hexadecimal))
        let message = Array("dpscribe".utf8)
        #expect(key.isValid(signature: signature, of: message))
        #expect(!other.isValid(signature: signature, of: message))
        #expect(!key.isValid(signature: signature, of: message + [0]))
        #expect(!key.isValid(signature: Array(signature.dropLast()), of: message))
        #expect(signing.verificationKey.id == key.id)
        #expect(
            key.id.description == "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f"
        )
    }

    @Test func aReleaseIsHeldToTheKeyThatIsGiven() throws {
        let (signing, key, other) = try keys()
        try release(signedWith: signing)
        #expect(try check(nil).state == .unchecked(keyID: key.id) && check(nil).problems == [])
        #expect(try check(key).state == .valid(keyID: key.id) && check(key).problems == [])
        #expect(try check(other).state == .invalid && check(other).problems.count == 1)
        let signature = folder.url(PrivacyManifest.signatureName)
        try Data(repeating: 7, count: 64).write(to: signature)
        #expect(try check(key).state == .invalid)
        // Stripped: the statement itself says that there was one.
        try FileManager.default.removeItem(at: signature)
        for key in [nil, key] {
            #expect(try check(key).problems.first?.contains("missing") == true)
        }
    }

    @Test func anUnsignedReleaseIsNotTakenForASignedOne() throws {
        let (signing, key, _) = try keys()
        try release(signedWith: nil)
        #expect(try check(nil).state == .unsigned && check(nil).problems == [])
        #expect(try check(key).problems == ["it is not signed"])
        // A signature that the statement does not know of is nobody's word.
        try signing.sign(releaseIn: folder.path)
        for key in [nil, key] { #expect(try check(key).problems.count == 1) }
    }

    @Test func aSignedCopyIsMadeOfAReleaseThatHolds() throws {
        let (signing, key, _) = try keys()
        try release(signedWith: nil)
        let copy = try ReleaseFolder()
        let manifest = try signing.sign(copyOf: folder.path, to: copy.path)
        let check = try ManifestCheck(folder: copy.path, key: key)
        #expect(check.problems == [] && check.signature == .valid(keyID: key.id))
        #expect(manifest.signedBy == key.id)
        try Data("other".utf8).write(to: folder.url("config.json"))
        let another = try ReleaseFolder()
        #expect(throws: ManifestError.self) {
            try signing.sign(copyOf: folder.path, to: another.path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: another.path).isEmpty)
    }

    @Test func whatIsNoKeyIsNamed() throws {
        func error(_ text: String, isPrivate: Bool) throws -> String {
            let path = try Self.write(text, in: folder)
            let error = #expect(throws: SignatureError.self) {
                if isPrivate {
                    _ = try SigningKey(file: path)
                } else {
                    _ = try VerificationKey(file: path)
                }
            }
            return try #require(error).description
        }
        let rsa = Self.publicKey.replacing("MCowBQYDK2VwAyEA", with: "MCowBQYDK2VuAyEA")
        for text in ["", "key", Self.publicKey, Self.privateKey.replacing("MC4C", with: "MC4D")] {
            #expect(try error(text, isPrivate: true).contains("openssl genpkey"))
        }
        for text in ["", Self.privateKey, rsa, Self.publicKey + Self.publicKey] {
            #expect(try error(text, isPrivate: false).contains("-pubout"))
        }
        let encrypted = Self.privateKey.replacing(" PRIVATE", with: " ENCRYPTED PRIVATE")
        #expect(try error(encrypted, isPrivate: true).contains("password"))
        #expect(throws: SignatureError.missing(path: "/nowhere/key.pem")) {
            try SigningKey(file: "/nowhere/key.pem")
        }
    }

    @Test(arguments: [0o600, 0o640, 0o604]) func aKeyThatOthersCanReadIsSaid(mode: Int) throws {
        let path = try Self.write(Self.privateKey, in: folder, mode: mode)
        #expect(try SigningKey(file: path).isReadableByOthers == (mode != 0o600))
    }
}
