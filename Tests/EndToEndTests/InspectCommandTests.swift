import Testing

/// What `inspect` says of a run, whose weights are as much of one as of a plain model.
@Suite struct InspectCommandTests {
    @Test func aRunOfAdaptersIsDescribedAsOne() throws {
        let setting = try FinetuneSetting()
        let trained = try setting.finetune("run", ["--lora-rank": "2", "--epochs": "1"])
        #expect(trained.status == 0, "\(trained.errors)")
        let inspected = try Tool.run(["inspect", setting.path("run"), "--json"])
        #expect(inspected.status == 0, "\(inspected.errors)")
        let facts = try inspected.json()
        #expect(facts["method"] as? String == "finetune" && facts["private"] as? Bool == true)
        #expect(facts["lora_rank"] as? Int == 2)
        #expect(facts["target_epsilon"] as? Double == 8 && facts["delta"] as? Double == 1e-4)
        #expect(facts["epsilon"] as? Double == (try trained.json()["epsilon"] as? Double))
        #expect(facts["steps"] as? Int == 10 && facts["steps_done"] as? Int == 10)
        #expect(facts["layers"] as? Int != nil)
        let plain = try Tool.run(["inspect", try TinyModel.path(), "--json"]).json()
        #expect(plain["method"] == nil && plain["lora_rank"] == nil && plain["layers"] != nil)
    }
}
