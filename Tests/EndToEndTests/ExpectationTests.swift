import Foundation
import Testing

/// What a person is told of a run's use: before anything is spent, at its start, and after its end.
@Suite struct ExpectationTests {
    private func plan(_ records: Int, _ epsilon: String, _ more: [String]) throws -> Tool.Outcome {
        try Tool.run(
            [
                "plan", "--records", "\(records)", "--epsilon", epsilon, "--delta", "1e-6",
                "--tokens-per-second", "1000",
            ] + more
        )
    }

    /// 5,000 reviews with five stars at ε = 8 taught nothing: a plan for them warns before it is run.
    @Test func aPlanForReviewsSaysThatTheyWereMeasuredAndOfNoUse() throws {
        let reviews = ["--label-count", "5", "--mean-tokens", "140"]
        let text = try plan(5_000, "8", reviews).output
        #expect(text.contains("no better than always guessing"), "\(text)")
        #expect(text.contains("measured: 5000 reviews") && text.contains("accuracy 0.446"))
        let json = try plan(5_000, "8", reviews + ["--json"]).json()
        let column = try #require((json["expectation"] as? [[String: Any]])?.first)
        #expect(column["level"] as? String == "guessing" && column["measured"] as? Bool == true)
        #expect(json["recipe"] as? String == "measured")
    }

    /// A rule stands in where nothing was measured, and is not called measured.
    @Test func aPlanForOtherRecordsNamesTheRuleAndTheNearestRun() throws {
        let kind = ["--label-count", "20", "--mean-tokens", "60"]
        // 80 · K · t / ε = 12,000 and 500 · K · t / ε = 75,000.
        for (records, level) in [(11_000, "guessing"), (13_000, "untuned"), (76_000, "labels")] {
            let json = try plan(records, "8", kind + ["--json"]).json()
            let column = try #require((json["expectation"] as? [[String: Any]])?.first)
            #expect(column["level"] as? String == level, "\(records)")
            #expect(column["guessing_below"] as? Int == 12_000)
            #expect(column["untuned_below"] as? Int == 75_000)
            #expect(column["measured"] as? Bool == false)
            #expect(json["recipe"] as? String == "extrapolated")
        }
        let text = try plan(11_000, "8", kind).output
        #expect(text.contains("below about 12000 records of 60 tokens") && text.contains("A rule"))
        // Without a length, short and long records are told apart.
        let open = try plan(5_000, "8", ["--label-count", "5"]).output
        #expect(open.contains("if records are as short as comments (30 tokens)"), "\(open)")
        for wrong in [["--label-count", "0"], ["--mean-tokens", "0"], ["--mean-tokens", "nan"]] {
            #expect(try plan(5_000, "8", wrong).status == 78)
        }
    }

    @Test func lintSaysWhatToExpectOfTheseRecords() throws {
        let workspace = try Workspace()
        let data = try workspace.messages(300, seed: 5, to: "private.csv")
        let arguments = [
            "lint", "--data", data, "--label-columns", "topic,sentiment", "--model",
            try TinyModel.path(),
        ]
        let json = try Tool.run(arguments + ["--epsilon", "2", "--json"]).json()
        let groups = try #require(json["expectation"] as? [[[String: Any]]])
        #expect(groups.map { $0.map { $0["epsilon"] as? Double } } == [[2, 2]])
        #expect(groups[0].map { $0["column"] as? String } == ["topic", "sentiment"])
        #expect(
            groups[0].allSatisfy { $0["records"] as? Int == 300 && $0["mean_tokens"] is Double }
        )
        let text = try Tool.run(arguments).output
        #expect(text.contains("expect of topic") && text.contains("at epsilon 1:"), "\(text)")
        #expect(text.contains("from 300 records at epsilon 8:"))
    }

    @Test func aRunSaysAtItsStartWhatItWillDoAndShowsCountsOnlyWhereAskedTo() throws {
        let setting = try FinetuneSetting()
        func errors(_ run: String, _ flags: [String]) throws -> String {
            let arguments = setting.arguments(run, ["--epochs": "1"], flags: flags)
                .filter { $0 != "--quiet" }
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.errors
        }
        let log = try errors("a", [])
        #expect(log.contains("300 records, 10 steps of about 30, learning rate"), "\(log)")
        #expect(log.contains("at most 24 tokens a record"))
        #expect(log.contains("WARNING: the labels may not be learned:"))
        // What a record more or less would change stays out of a log.
        #expect(!log.contains("records read") && log.contains("dpscribe lint counts them"))
        let shown = try errors("b", ["--private-diagnostics"])
        #expect(
            shown.contains("300 records read, 0 dropped") && shown.contains("are cut at 24 tokens")
        )
    }

    @Test func aFinishedRunHasAVerdictWhereverItIsLookedAt() throws {
        let setting = try FinetuneSetting()
        let run = try setting.finetune("run", ["--epochs": "1"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try setting.names().contains("verdict.json"))
        func verdict(_ outcome: Tool.Outcome) throws -> [NSDictionary] {
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(try outcome.json()["verdict"] as? [NSDictionary])
        }
        let first = try verdict(run)
        #expect(first.map { $0["column"] as? String } == ["topic", "sentiment"])
        for column in first {
            let (told, chance) = (column["told"] as? Double ?? -1, column["chance"] as? Double ?? 0)
            #expect((0...1).contains(told) && chance > 0 && column["texts"] as? Int ?? 0 >= 40)
        }
        for command in ["status", "inspect"] {
            #expect(try verdict(Tool.run([command, setting.path("run"), "--json"])) == first)
            let text = try Tool.run([command, setting.path("run")]).output
            #expect(text.contains("verdict on topic: ") && text.contains("dpscribe compare"))
        }
        let again = try setting.finetune("run", ["--epochs": "1"], flags: ["--resume"])
        #expect(try verdict(again) == first)
        // A model that no run made, and a run without labels, have none.
        #expect(try Tool.run(["inspect", try TinyModel.path(), "--json"]).json()["verdict"] == nil)
        let plain = try setting.finetune(
            "plain",
            ["--epochs": "1", "--label-columns": "", "--label-values": ""]
        )
        #expect(plain.status == 0, "\(plain.errors)")
        #expect(try plain.json()["verdict"] is NSNull)
    }
}
