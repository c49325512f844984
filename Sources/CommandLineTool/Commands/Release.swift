import ArgumentParser
import DifferentialPrivacy
import Foundation
import PrivacyVerification
import PrivateEvolution
import PrivatePrediction
import PrivateTraining

/// `dpscribe release`: a finished run's model for others, with what it costs.
struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a finished run's model with its privacy statement, to give away.",
        discussion: """
            The folder holds weights, configuration, tokenizer and label values, privacy.json for \
            programs and PRIVACY.md for people; no optimizer state, secret, path or timing. With \
            --sign also privacy.json.sig, an Ed25519 signature of privacy.json, which holds the digest \
            of every other file. Make a key once, and hand its public half out by another way than the \
            releases:

              openssl genpkey -algorithm ed25519 -out key.pem
              openssl pkey -in key.pem -pubout -out public.pem
              dpscribe release checkpoints/mail --out mail-model --sign key.pem
            """
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The new model folder.", valueName: "dir"), completion: .directory)
    var out: String

    @Option(
        help: ArgumentHelp("Whom to ask about the release; it is published.", valueName: "text")
    )
    var contact: String?

    @Option(
        help: ArgumentHelp(
            "What `audit mechanism --json` of this build printed, to be stated.",
            valueName: "file"
        ),
        completion: .file()
    )
    var audit: String?

    @Option(
        help: ArgumentHelp(
            "A private Ed25519 key (PEM) to sign with; it is read and never copied.",
            valueName: "key"
        )
    )
    var sign: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        let key = try sign.map(SigningKey.init(file:))
        let isEvolution = try requireReleasable(key)
        let output = try OutputFolder(out)
        if let key, isEvolution {
            try report(output.make { try key.sign(copyOf: folder, to: $0.path) }, key)
            return
        }
        let release = try RunRelease(run: folder, checkedBy: .allRuns)
        let audit = try auditStatement()
        let manifest = try output.make {
            let manifest = try release.write(
                to: $0.path,
                contact: contact,
                audit: audit,
                signer: key?.verificationKey.id,
                naming: \.option
            )
            try key?.sign(releaseIn: $0.path)
            return manifest
        }
        try report(manifest, key)
    }

    private func report(_ manifest: PrivacyManifest, _ key: SigningKey?) throws {
        if key?.isReadableByOthers == true {
            global.progress().note(
                "warning: \(sign ?? "the key") can be read by others; keep it to yourself: chmod 600"
            )
        }
        try global.result.write(json(manifest), text: lines(manifest))
    }

    private func auditStatement() throws -> RunRelease.Audit? {
        guard let audit else { return nil }
        guard let bytes = FileManager.default.contents(atPath: audit) else {
            throw ToolError.missingInput("\(audit): no such file")
        }
        let statement = try AuditStatement(fileContents: Array(bytes), path: audit)
        return RunRelease.Audit(statement: statement, path: audit)
    }

    /// Whether the folder is a run that makes texts, of which there is a signed copy to be made.
    ///
    /// It releases itself: its manifest is written beside its text when it ends.
    ///
    /// - Throws: `ToolError.badConfiguration` for such a run without an end, or without a key.
    private func requireReleasable(_ key: SigningKey?) throws -> Bool {
        guard let run = try textRun() else { return false }
        let page = folder + "/" + PrivacyManifest.fileName
        guard FileManager.default.fileExists(atPath: page) else {
            throw ToolError.badConfiguration(
                "\(folder) is \(run.kind) that is not finished (\(run.progress)); finish it with"
                    + " \(run.command) --resume"
            )
        }
        if key != nil { return true }
        throw ToolError.badConfiguration(
            "\(folder) is \(run.kind), which has no model to release: synthetic.csv,"
                + " \(PrivacyManifest.fileName) and \(PrivacyManifest.pageName) in it can be given"
                + " away as they are; --sign KEY makes a signed copy. Check them with dpscribe verify \(folder)"
        )
    }

    /// What the folder is, and how far, if it is a run that makes texts.
    private func textRun() throws -> (kind: String, command: String, progress: String)? {
        if let plan = try EvolutionPlan.read(from: folder, checkedBy: .allRuns) {
            let done = try EvolutionFolder(path: folder).iterationsVoted()
            let progress = "\(done) of \(plan.settings.iterations) iterations"
            return ("an evolution", "evolve", progress)
        }
        guard let plan = try PredictionPlan.read(from: folder, checkedBy: .allRuns) else {
            return nil
        }
        let done = try PredictionFolder(path: folder).textsDone()
        return ("a private prediction", "fewshot", "\(done) of \(plan.settings.count) texts")
    }

    private func json(_ manifest: PrivacyManifest) -> JSONValue {
        [
            "out": .string(out),
            "private": .bool(manifest.isPrivate),
            "epsilon": .number(manifest.epsilon),
            "delta": manifest.delta.map { .number($0) } ?? .null,
            "accountant": manifest.guarantee.map { .string($0.accountant.rawValue) } ?? .null,
            "corpus_runs": .integer(manifest.corpus.runs),
            "corpus_epsilon": .number(manifest.corpus.guarantee?.epsilon ?? .infinity),
            "audit": .string(manifest.audit),
            "signed_by": manifest.signedBy.map { .string($0.description) } ?? .null,
            "files": .array(manifest.files.map { .string($0.name) }),
            "warnings": .array(manifest.warnings.map { .string($0) }),
        ]
    }

    private func lines(_ manifest: PrivacyManifest) -> [String] {
        var lines = manifest.warnings
        if let guarantee = manifest.guarantee, manifest.isPrivate {
            lines.append(
                "epsilon \(ConsoleText.roundedUp(guarantee.epsilon)) at delta \(guarantee.delta),"
                    + " add or remove one \(manifest.protection.unit.name)"
            )
        }
        return lines + [
            "audit: \(manifest.audit)",
            manifest.signedBy.map { "signed with the Ed25519 key \($0)" }
                ?? "not signed: whoever passes it on can rewrite all of it (--sign KEY)",
            "\(manifest.files.count + (manifest.signedBy == nil ? 2 : 3)) files in \(out); read \(PrivacyManifest.pageName) before"
                + " you give them away",
        ]
    }
}
