import Foundation
import Testing

/// Drives Private Evolution and the server of models, on a model that was trained for a moment.
@Suite struct EvolveCommandTests {
    private let workspace: Workspace
    private let model: String
    private let data: String

    init() throws {
        workspace = try Workspace()
        model = try TinyModel.path()
        data = try workspace.messages(80, seed: 4, to: "private.csv")
    }

    /// The arguments of a small run into `runs/NAME`.
    private func arguments(_ name: String, _ others: [String] = []) -> [String] {
        [
            "evolve", "--data", data, "--label-columns", "topic", "--epsilon", "4", "--delta",
            "1e-3", "--iterations", "3", "--count", "20", "--variations", "3",
            "--max-new-tokens", "12", "--model", model, "--out", workspace.path("runs/" + name),
            "--json", "--quiet",
        ] + others
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: workspace.path("runs/" + name), encoding: .utf8)
    }

    @Test func aRunStaysWithinItsTargetAndCanBeAskedAgain() throws {
        let first = try Tool.run(arguments("a"))
        #expect(first.status == 0, "\(first.errors)")
        let result = try first.json()
        for key in ["delta", "noise_multiplier", "iterations", "count", "out", "seconds"] {
            #expect(result[key] != nil, "\(key) is missing")
        }
        let epsilon = try #require(result["epsilon"] as? Double)
        #expect(epsilon <= 4 && epsilon > 3.99)
        let rows = try text("a/synthetic.csv")
        #expect(rows.hasPrefix("text,topic\r\n"))
        #expect(try workspace.names().contains("runs"))
        for name in ["runs/.key", "runs/a/ledger.jsonl", "runs/a/privacy.json"] {
            #expect(FileManager.default.fileExists(atPath: workspace.path(name)), "\(name)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.path("runs/a/secret")))
        // Three votes, and the sizes of the classes.
        #expect(try text("a/ledger.jsonl").split(separator: "\n").count == 1 + 4 + 1)

        #expect(try Tool.run(arguments("a")).status == 73)
        let again = try Tool.run(arguments("a", ["--resume"]))
        #expect(again.status == 0, "\(again.errors)")
        #expect(try again.json()["epsilon"] as? Double == epsilon)
        #expect(try text("a/synthetic.csv") == rows)
        #expect(try Tool.run(arguments("a", ["--resume", "--lookahead", "2"])).status == 78)
        let status = try Tool.run(["status", workspace.path("runs/a"), "--json"]).json()
        #expect(status["finished"] as? Bool == true && status["method"] as? String == "evolve")
        #expect(status["steps_done"] as? Int == 3 && status["steps"] as? Int == 3)
        try whatItReleasedIsVerifiedAndDescribed(workspace.path("runs/a"))
        try anotherPlanOrNoLedgerIsRefused(workspace.path("runs/a"))
    }

    /// The folder is a release as it is; nothing else can be made of it but a signed copy.
    private func whatItReleasedIsVerifiedAndDescribed(_ run: String) throws {
        #expect(try text("a/PRIVACY.md").hasPrefix("# Privacy statement"))
        let verified = try Tool.run(["verify", run, "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        let released = try Tool.run(["release", run, "--out", workspace.path("released")])
        #expect(released.status == 78)
        #expect(released.errors.contains("verify"), "\(released.errors)")
        // The example key of RFC 8410.
        let key = try workspace.write(
            "-----BEGIN PRIVATE KEY-----\n"
                + "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                + "-----END PRIVATE KEY-----\n",
            to: "key.pem"
        )
        let copy = workspace.path("signed")
        let signed = try Tool.run(["release", run, "--out", copy, "--sign", key])
        #expect(signed.status == 0, "\(signed.errors)")
        let checked = try Tool.run(["verify", copy, "--json"])
        #expect(try checked.status == 0 && checked.json()["signature"] as? String == "unchecked")
        let inspected = try Tool.run(["inspect", run, "--json"])
        #expect(inspected.status == 0, "\(inspected.errors)")
        #expect(try inspected.json()["method"] as? String == "evolve")
        #expect(try inspected.json()["iterations_done"] as? Int == 3)
    }

    /// The plan that was edited, and the plan whose ledger is gone, are believed by no command.
    private func anotherPlanOrNoLedgerIsRefused(_ run: String) throws {
        let commands = [
            ["status", run], ["inspect", run], ["release", run, "--out", workspace.path("no")],
        ]
        let plan = try text("a/evolution.json")
        try workspace.write(plan + " ", to: "runs/a/evolution.json")
        for command in commands {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 4, "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("evolution.json"), "\(outcome.errors)")
        }
        try workspace.write(plan, to: "runs/a/evolution.json")
        try FileManager.default.removeItem(atPath: run + "/ledger.jsonl")
        for command in commands {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 4, "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("ledger.jsonl is missing"), "\(outcome.errors)")
        }
    }

    /// A run keeps the settings that it was begun with; each of them is visible, and none changes on
    /// the way.
    @Test func settingsOfTheProposalsBelongToTheRun() throws {
        let chosen = [
            "--selection", "sample", "--count-threshold", "1.5", "--temperature", "0.7",
            "--variation-degrees", "0.6,0.3", "--neighbors", "2", "--parents", "replace",
            "--insecure-seed", "3",
        ]
        let first = try Tool.run(arguments("chosen", chosen))
        #expect(first.status == 0, "\(first.errors)")
        let inspected = try Tool.run(["inspect", workspace.path("runs/chosen"), "--json"]).json()
        #expect(inspected["count_threshold"] as? Double == 1.5)
        #expect(inspected["temperature"] as? Double == 0.7)
        #expect(inspected["variation_degrees"] as? [Double] == [0.6, 0.3])
        #expect(inspected["neighbors"] as? Int == 2)
        #expect(inspected["parents"] as? String == "replace")
        #expect(try Tool.run(arguments("chosen", chosen + ["--resume"])).status == 0)
        for (place, value) in [(3, "2"), (5, "0.8"), (7, "0.6"), (9, "1"), (11, "keep")] {
            var other = chosen
            other[place] = value
            let resumed = try Tool.run(arguments("chosen", other + ["--resume"]))
            #expect(resumed.status == 78, "\(value)")
            #expect(resumed.errors.contains("was started with other settings"))
        }
        // Three variations of each text, and no text itself.
        let kept = try text("chosen/iteration-001/synthetic.csv").split(separator: "\r\n").count - 1
        let candidates = try text("chosen/iteration-002/candidates.jsonl").split(separator: "\n")
        #expect(candidates.count == 3 * kept)
        // Everything else being equal, the temperature makes other texts.
        var warm = chosen
        warm[5] = "1.3"
        #expect(try Tool.run(arguments("warm", warm)).status == 0)
        #expect(
            try text("warm/iteration-001/candidates.jsonl")
                != text("chosen/iteration-001/candidates.jsonl")
        )
    }

    @Test func aStoppedRunSaysHowFarItIs() throws {
        let running = try Tool.start(arguments("stopped", ["--iterations", "200"]))
        let file = workspace.path("runs/stopped/iteration-002/candidates.jsonl")
        while running.process.isRunning, !FileManager.default.fileExists(atPath: file) {
            usleep(2_000)
        }
        kill(running.process.processIdentifier, SIGINT)
        let outcome = running.outcome()
        #expect(outcome.status == 75, "\(outcome.errors)")
        let state = try outcome.json()
        #expect(state["iterations"] as? Int == 200)
        let done = try #require(state["iterations_done"] as? Int)
        #expect(done >= 1)
        #expect(try #require(state["epsilon"] as? Double) < 4)
        let status = try Tool.run(["status", workspace.path("runs/stopped")])
        #expect(status.output.contains("\(done) of 200 iterations"), "\(status.output)")
    }

    @Test func aKilledRunGoesOnAsIfNothingHadHappened() throws {
        let seeded = ["--insecure-seed", "5", "--count", "60"]
        let whole = try Tool.run(arguments("whole", seeded))
        #expect(whole.status == 0, "\(whole.errors)")
        for (name, signal, marker) in [
            ("killed", SIGKILL, "iteration-001/histogram.json"),
            ("stopped", SIGTERM, "iteration-002/candidates.jsonl"),
        ] {
            let running = try Tool.start(arguments(name, seeded))
            let file = workspace.path("runs/\(name)/\(marker)")
            while running.process.isRunning, !FileManager.default.fileExists(atPath: file) {
                usleep(2_000)
            }
            kill(running.process.processIdentifier, signal)
            let outcome = running.outcome()
            #expect([0, 75, -SIGKILL].contains(outcome.status), "\(outcome.errors)")
            let resumed = try Tool.run(arguments(name, seeded + ["--resume"]))
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try text("\(name)/synthetic.csv") == text("whole/synthetic.csv"))
            #expect(try resumed.json()["epsilon"] as? Double == whole.json()["epsilon"] as? Double)
            #expect(try resumed.json()["not_private"] as? Bool == true)
            #expect(
                try text("\(name)/ledger.jsonl").split(separator: "\n").count
                    == text("whole/ledger.jsonl").split(separator: "\n").count
            )
        }
    }

    @Test func impossibleRequestsSayWhyAndMakeNothing() throws {
        func status(_ others: [String], leavingOut flag: String? = nil) throws -> Int32 {
            var arguments = arguments("none")
            if let flag, let place = arguments.firstIndex(of: flag) {
                arguments.removeSubrange(place...place + 1)
            }
            return try Tool.run(arguments + others).status
        }
        #expect(try status([], leavingOut: "--delta") == 78)
        #expect(try status(["--delta", "0.1"], leavingOut: "--delta") == 78)
        #expect(try status(["--variations", "1"], leavingOut: "--variations") == 78)
        #expect(try status(["--label-columns", "nothing"], leavingOut: "--label-columns") == 65)
        #expect(try status(["--endpoint", "nowhere"]) == 64)
        #expect(try status(["--count-threshold", "2"]) == 78)
        #expect(try status(["--temperature", "0"]) == 78)
        #expect(try status(["--variation-degrees", "0.5,2"]) == 78)
        #expect(try status(["--variation-degrees", "some"]) == 64)
        #expect(try status(["--max-records-per-user", "3"]) == 64)
        #expect(try status(["--label-columns", "text"], leavingOut: "--label-columns") == 64)
        #expect(try status(["--delta", "-1"], leavingOut: "--delta") == 78)
        #expect(!FileManager.default.fileExists(atPath: workspace.path("runs/none")))
    }

    @Test func ourServerCanProposeAndTheComparisonKnowsTheGuarantee() throws {
        let server = try ServedModel(model)
        let run = try Tool.run(
            arguments("remote", ["--endpoint", server.url.absoluteString, "--iterations", "2"])
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(server.stop().status == 0)

        let claims = try workspace.write("other: {epsilon: 4, delta: 1e-3}\n", to: "claims.yaml")
        let other = try workspace.messages(40, seed: 9, to: "other.csv")
        let test = try workspace.messages(120, seed: 2, to: "test.csv")
        let compared = try Tool.run([
            "compare", "--real-test", test, "--synthetic", "pe=" + workspace.path("runs/remote"),
            "first=" + workspace.path("runs/remote/iteration-001"), "other=" + other, "--claims",
            claims, "--label-columns", "topic", "--seeds", "1",
            "--model", model, "--out", workspace.path("report"), "--json", "--quiet",
        ])
        #expect(compared.status == 0, "\(compared.errors)")
        let numbers = try JSONSerialization.jsonObject(
            with: Data(contentsOf: workspace.folder.appending(path: "report/numbers.json"))
        )
        let rows = try #require((numbers as? [String: Any])?["rows"] as? [[String: Any]])
        let sources = rows.compactMap { ($0["privacy"] as? [String: Any])?["source"] as? String }
        #expect(sources == ["manifest", "manifest", "claimed"])
    }
}
