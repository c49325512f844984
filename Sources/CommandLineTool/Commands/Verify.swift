import ArgumentParser
import DifferentialPrivacy
import Foundation

/// `dpscribe verify`: whether a release is what its manifest says.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a release: files, and epsilon by an independent computation.",
        discussion: """
            Every epsilon in privacy.json is computed again by other formulas than those that made \
            it, and the digest of every file is compared.

              dpscribe verify mail-model
            """
    )

    @Argument(
        help: ArgumentHelp("The folder of the release.", valueName: "dir"),
        completion: .directory
    )
    var folder: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let check = try ManifestCheck(folder: folder)
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
        for name in check.unlisted {
            lines.append("\(Self.printable(name)) is not part of the release")
        }
        if check.problems.isEmpty {
            lines.append("\(manifest.files.count) files are those that were released")
        }
        return lines
    }

    /// A file name that cannot drive a terminal.
    private static func printable(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}
