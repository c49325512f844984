import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ConfigurationFileTests {
    private func expanding(
        _ arguments: [String],
        yaml: String
    ) throws -> ConfigurationFile.Expansion {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "dpscribe-\(UUID().uuidString).yaml")
        try Data(yaml.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try ConfigurationFile.expanding(arguments.map { $0 == "FILE" ? path.path : $0 })
    }

    @Test func valuesListsAndFlagsBecomeArguments() throws {
        let yaml = """
            epsilon: 8
            delta: 1e-6
            label_columns: [mood, topic]
            private-diagnostics: true
            exact-noise: false
            text-column: "true"
            """
        let expansion = try expanding(["finetune", "--config", "FILE"], yaml: yaml)
        #expect(
            expansion.arguments == [
                "finetune", "--epsilon=8", "--delta=1e-6", "--label-columns=mood",
                "--label-columns=topic", "--private-diagnostics", "--text-column=true",
            ]
        )
    }

    @Test func theCommandLineWinsOverTheFile() throws {
        let expansion = try expanding(
            ["finetune", "--epsilon=1", "--config", "FILE", "--data", "a.csv"],
            yaml: "epsilon: 8\ndata: b.csv\ndelta: 1e-6"
        )
        #expect(
            expansion.arguments == ["finetune", "--epsilon=1", "--data", "a.csv", "--delta=1e-6"]
        )
    }

    @Test func valuesThatLookLikeOptionsStayValues() throws {
        let expansion = try expanding(["sample", "--config", "FILE"], yaml: "prompt: --json")
        #expect(expansion.arguments == ["sample", "--prompt=--json"])
    }

    /// `--config` has one meaning, options that are written elsewhere; a shape's name is short for one.
    @Test func theNameOfAShapeStandsForTheShape() throws {
        for (given, expanded) in [
            (["pretrain", "--config", "tiny"], ["pretrain", "--shape=tiny"]),
            (["bench", "train", "--config=a.json"], ["bench", "train", "--shape=a.json"]),
            (
                ["pretrain", "--shape", "mini", "--config", "tiny"],
                ["pretrain", "--shape", "mini"]
            ),
            (["pretrain", "--config"], ["pretrain", "--config"]),
        ] {
            #expect(try ConfigurationFile.expanding(given).arguments == expanded)
        }
        #expect(
            try expanding(
                ["pretrain", "--config", "FILE", "--config", "mini"],
                yaml: "config: tiny\nminutes: 5"
            ).arguments == ["pretrain", "--minutes=5", "--shape=mini"]
        )
        #expect(
            try expanding(["pretrain", "--config", "FILE"], yaml: "config: tiny").arguments
                == ["pretrain", "--shape=tiny"]
        )
    }

    @Test func ofTwoFilesTheLaterWins() throws {
        let first = FileManager.default.temporaryDirectory
            .appending(path: "dpscribe-\(UUID().uuidString).yaml")
        try Data("epsilon: 1\nbatch-size: 5".utf8).write(to: first)
        defer { try? FileManager.default.removeItem(at: first) }
        #expect(
            try expanding(
                ["finetune", "--config", first.path, "--config", "FILE"],
                yaml: "epsilon: 2"
            ).arguments == ["finetune", "--batch-size=5", "--epsilon=2"]
        )
    }

    @Test func argumentsAfterTheTerminatorStayThere() throws {
        let expansion = try expanding(
            ["status", "--config", "FILE", "--", "-run"],
            yaml: "json: true"
        )
        #expect(expansion.arguments == ["status", "--json", "--", "-run"])
    }

    @Test(arguments: [
        "- a\n- b", "epsilon: {low: 1}", "epsilon: [[1]]", "--epsilon: 8", "a: [", "{",
    ])
    func whatIsNoMappingOfOptionsIsABadConfiguration(yaml: String) {
        #expect {
            try expanding(["finetune", "--config", "FILE"], yaml: yaml)
        } throws: { error in
            ErrorReport(error).status == .badConfiguration
        }
    }

    @Test func aMissingFileIsNamed() {
        #expect(
            throws: ToolError.missingInput(
                "/nowhere.yaml: no such file, or not UTF-8 text (--config)"
            )
        ) {
            try ConfigurationFile.expanding(["plan", "--config", "/nowhere.yaml"])
        }
    }
}
