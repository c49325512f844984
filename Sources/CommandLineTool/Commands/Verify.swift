import ArgumentParser
import DifferentialPrivacy
import Foundation
import PrivacyVerification

/// `dpscribe verify`: whether a release is what its manifest says.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a release: files, and epsilon by an independent computation.",
        discussion: """
            Every epsilon in privacy.json is computed again by other formulas than those that made \
            it, its statements are held to each other, and the digest of every file is compared. That \
            finds damage and contradictions. Only a signature shows who made the release: with --key \
            it must be signed by that key.

              dpscribe verify mail-model --key public.pem
            """
    )

    @Argument(
        help: ArgumentHelp("The folder of the release.", valueName: "dir"),
        completion: .directory
    )
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The public Ed25519 key (PEM) that must have signed it.",
            valueName: "key"
        )
    )
    var key: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let key = try key.map(VerificationKey.init(file:))
        let check = try ManifestCheck(folder: folder, key: key)
        try global.result.write(json(check), text: lines(check))
        guard check.problems.isEmpty else {
            throw ManifestError.mismatch(path: folder, problems: check.problems)
        }
    }

    private func json(_ check: ManifestCheck) -> JSONValue {
        let manifest = check.manifest
        return [
            "verified": .bool(check.problems.isEmpty),
            "private": .bool(manifest.isPrivate),
            "epsilon": .number(manifest.epsilon),
            "delta": manifest.delta.map { .number($0) } ?? .null,
            "lower_bound": check.recomputed.map { .number($0.lowerBound) } ?? .null,
            "upper_bound": check.recomputed.map { .number($0.upperBound) } ?? .null,
            "rdp_epsilon": check.recomputed.map { .number($0.rdpEpsilon) } ?? .null,
            "audit": .string(manifest.audit),
            "signature": .string(Self.word(check.signature)),
            "signed_by": manifest.signedBy.map { .string($0.description) } ?? .null,
            "files": .integer(manifest.files.count),
            "problems": .array(check.problems.map { .string($0) }),
            "unlisted": .array(check.unlisted.map { .string(Self.printable($0)) }),
        ]
    }

    private func lines(_ check: ManifestCheck) -> [String] {
        let manifest = check.manifest
        var lines = manifest.isPrivate ? [] : ["NOT PRIVATE"]
        if manifest.isPrivate, let found = check.recomputed, let delta = manifest.delta {
            lines.append(
                "epsilon \(ConsoleText.roundedUp(manifest.epsilon)) at delta \(delta) by its"
                    + " manifest; the true one lies between \(found.lowerBound) and"
                    + " \(found.upperBound)"
            )
        }
        lines.append("audit: \(manifest.audit)")
        lines.append(Self.sentence(check.signature))
        for name in check.unlisted {
            lines.append("\(Self.printable(name)) is not part of the release")
        }
        if check.problems.isEmpty {
            lines.append("\(manifest.files.count) files are those that were released")
        }
        return lines
    }

    private static func word(_ state: SignatureState) -> String {
        switch state {
        case .unsigned: "none"
        case .unchecked: "unchecked"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }

    private static func sentence(_ state: SignatureState) -> String {
        switch state {
        case .unsigned:
            "not signed: nothing here shows who made it, or that its figures were not rewritten"
        case .unchecked(let id):
            "it says that it is signed with the key \(id), which was NOT checked: pass the public key"
                + " with --key"
        case .valid(let id): "signed with the key \(id)"
        case .invalid: "the signature is not valid"
        }
    }

    /// A file name that cannot drive a terminal.
    private static func printable(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}
