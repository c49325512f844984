import Foundation
import Testing

/// Drives a run from training to a release that others verify.
@Suite struct ReleaseCommandTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        let data = try workspace.posts(300)
        try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "600", "--out",
            workspace.path("tokenizer"),
        ])
        let vocabulary = try Data(
            contentsOf: workspace.folder.appending(path: "tokenizer/vocab.json")
        )
        let tokens = try #require(
            JSONSerialization.jsonObject(with: vocabulary) as? [String: Int]
        ).count
        try workspace.write(
            """
            {"model_type": "gpt2", "vocab_size": \(tokens), "n_positions": 32, "n_embd": 16, \
            "n_layer": 1, "n_head": 1}
            """,
            to: "shape.json"
        )
        let base = try Tool.run([
            "pretrain", "--data", data, "--config", workspace.path("shape.json"), "--tokenizer",
            workspace.path("tokenizer"), "--epochs", "1", "--out", workspace.path("base"),
        ])
        #expect(base.status == 0, "\(base.errors)")
    }

    private func finetune(_ arguments: [String] = []) throws {
        let data = try workspace.messages(200, seed: 5, to: "private.csv")
        let run = try Tool.run(
            [
                "finetune", "--data", data, "--model", workspace.path("base"), "--epsilon", "4",
                "--delta", "1e-5", "--epochs", "1", "--batch-size", "20", "--sequence-length", "24",
                "--dataset-size", "200", "--label-columns", "topic", "--out",
                workspace.path("runs/one"),
            ] + arguments
        )
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func aReleaseHoldsWeightsAndAStatementThatIsVerified() throws {
        try finetune()
        let out = workspace.path("released")
        let released = try Tool.run(["release", workspace.path("runs/one"), "--out", out, "--json"])
        #expect(released.status == 0, "\(released.errors)")
        let epsilon = try #require(try released.json()["epsilon"] as? Double)
        #expect(epsilon > 3.9 && epsilon <= 4)
        let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        #expect(
            names == [
                "PRIVACY.md", "config.json", "labels.json", "merges.txt", "model.safetensors",
                "privacy.json",
                "vocab.json",
            ]
        )
        for name in names {
            let bytes = try Data(contentsOf: URL(filePath: out + "/" + name))
            #expect(bytes.range(of: Data(workspace.folder.lastPathComponent.utf8)) == nil)
        }
        let verified = try Tool.run(["verify", out, "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(try verified.json()["verified"] as? Bool == true)
        #expect(try Tool.run(["release", workspace.path("runs/one"), "--out", out]).status == 73)
        try aReleaseSamplesWithLabelsAndStatesItsGuarantee(out, epsilon: epsilon)
        try Data("{}".utf8).write(to: URL(filePath: out + "/config.json"))
        #expect(try Tool.run(["verify", out]).status == 4)
    }

    /// Whoever has only the release samples by label, and what they sample says what it guarantees.
    private func aReleaseSamplesWithLabelsAndStatesItsGuarantee(
        _ release: String,
        epsilon: Double
    ) throws {
        let text = workspace.path("synthetic.csv")
        let sampled = try Tool.run([
            "sample", "--model", release, "--count", "3", "--max-new-tokens", "4", "--out", text,
        ])
        #expect(sampled.status == 0, "\(sampled.errors)")
        #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("text,topic"))
        let stated = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: text + ".privacy.json"))
        )
        let manifest = try #require(stated as? [String: Any])
        #expect(manifest["private"] as? Bool == true)
        let guarantee = try #require(manifest["guarantee"] as? [String: Any])
        #expect(guarantee["epsilon"] as? Double == epsilon)
    }

    @Test func anAuditOfThisBuildIsReleasedWithIt() throws {
        try finetune()
        let run = workspace.path("runs/one")
        let measured = try Tool.run([
            "audit", "mechanism", "--draws", "1000", "--confidence", "0.9999999", "--json",
            "--quiet",
        ])
        #expect(measured.status == 0, "\(measured.errors)")
        let audit = try workspace.write(measured.output, to: "audit.json")
        let out = workspace.path("audited")
        let released = try Tool.run(["release", run, "--out", out, "--audit", audit, "--json"])
        #expect(released.status == 0, "\(released.errors)")
        let stated = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: out + "/privacy.json"))
        )
        let result = try #require((stated as? [String: Any])?["audit_result"] as? [String: Any])
        #expect(result["mu_claimed"] as? Double == 3)
        #expect(result["note"] as? String == "a lower bound, not a proof")
        let page = try String(contentsOfFile: out + "/PRIVACY.md", encoding: .utf8)
        let verified = try Tool.run(["verify", out])
        #expect(verified.status == 0, "\(verified.errors)")
        for text in [page, verified.output] { #expect(text.contains("gives away at least μ")) }
        // Of another version, of another build, refuted, no audit, no file.
        let digest = try #require(
            (result["build"] as? [String: Any])?["executable_sha256"] as? String
        )
        let others = try [
            measured.output.replacing("\"product\":\"dpscribe ", with: "\"product\":\"dpscribe 9"),
            measured.output.replacing(digest, with: String(repeating: "0", count: 64)),
            measured.output.replacing("{\"product\"", with: "{\"x\":0,\"product\"")
                .replacing("\"within_claim\":true", with: "\"within_claim\":false"),
            "{}",
        ].enumerated().map { try workspace.write($1, to: "other\($0).json") }
        for (file, status) in zip(
            others + [workspace.path("nowhere.json")],
            [Int32](
                [4, 4, 4, 4, 66]
            )
        ) {
            let no = workspace.path("no")
            let refused = try Tool.run(["release", run, "--out", no, "--audit", file])
            #expect(refused.status == status, "\(file): \(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: no))
        }
    }

    /// The example keys of RFC 8410, and one more public one.
    private static let keys = [
        "PRIVATE": "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
        "PUBLIC": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
    ]
    private static let otherKey = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

    private func key(_ kind: String, _ base64: String, to name: String) throws -> String {
        try workspace.write(
            "-----BEGIN \(kind) KEY-----\n\(base64)\n-----END \(kind) KEY-----\n",
            to: name
        )
    }

    @Test func aSignedReleaseIsHeldToItsKey() throws {
        try finetune(["--insecure-seed", "3"])
        let (run, out) = (workspace.path("runs/one"), workspace.path("signed"))
        let secret = try key("PRIVATE", try #require(Self.keys["PRIVATE"]), to: "key.pem")
        let open = try key("PUBLIC", try #require(Self.keys["PUBLIC"]), to: "public.pem")
        let other = try key("PUBLIC", Self.otherKey, to: "other.pem")
        let id = "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f"
        let noKey = try Tool.run(["release", run, "--out", out, "--sign", open])
        #expect(noKey.status == 78 && noKey.errors.contains("openssl genpkey"))
        let missing = try Tool.run(["release", run, "--out", out, "--sign", out + ".pem"])
        #expect(missing.status == 66)
        let released = try Tool.run(["release", run, "--out", out, "--sign", secret, "--json"])
        #expect(released.status == 0, "\(released.errors)")
        // The workspace's files can be read by all.
        #expect(released.errors.contains("read by others"))
        #expect(try released.json()["signed_by"] as? String == id)
        let unchecked = try Tool.run(["verify", out])
        #expect(unchecked.status == 0 && unchecked.output.contains("NOT checked"))
        #expect(unchecked.output.contains(id))
        let valid = try Tool.run(["verify", out, "--key", open, "--json"])
        #expect(try valid.status == 0 && valid.json()["signature"] as? String == "valid")
        #expect(try Tool.run(["verify", out, "--key", other]).status == 4)
        #expect(try Tool.run(["verify", out, "--key", secret]).status == 78)
        try openSSLAgrees(out, open)
        let signature = URL(filePath: out + "/privacy.json.sig")
        let bytes = try Data(contentsOf: signature)
        try Data(bytes.reversed()).write(to: signature)
        #expect(try Tool.run(["verify", out, "--key", open]).status == 4)
        try FileManager.default.removeItem(at: signature)
        for key in [[], ["--key", open]] {
            #expect(try Tool.run(["verify", out] + key).status == 4)
        }
    }

    /// Where OpenSSL is installed.
    private func openSSLAgrees(_ release: String, _ key: String) throws {
        let tool = "/usr/bin/openssl"
        guard FileManager.default.isExecutableFile(atPath: tool) else { return }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = [
            "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in",
            release + "/privacy.json", "-sigfile", release + "/privacy.json.sig",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func aRunWithoutItsWholeLedgerIsNotReleased() throws {
        try finetune(["--insecure-seed", "3"])
        let run = workspace.path("runs/one")
        let ledger = URL(filePath: run + "/ledger.jsonl")
        let lines = try String(contentsOf: ledger, encoding: .utf8).split(separator: "\n")
        let seeded = try Tool.run(["release", run, "--out", workspace.path("seeded"), "--json"])
        #expect(try seeded.json()["private"] as? Bool == false)
        // Without its completion the run counts as unfinished; with less, as damaged.
        for (kept, status) in [(lines.count - 1, Int32(78)), (lines.count - 3, 4)] {
            let text = lines.prefix(kept).joined(separator: "\n") + "\n"
            try Data(text.utf8).write(to: ledger)
            let refused = try Tool.run(["release", run, "--out", workspace.path("no")])
            #expect(refused.status == status, "\(refused.errors)")
        }
    }
}
