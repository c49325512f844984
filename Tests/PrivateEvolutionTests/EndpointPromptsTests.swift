import Foundation
import TestData
import Testing

@testable import PrivateEvolution

@Suite struct EndpointPromptsTests {
    func task(_ parent: String?, degree: Double) -> GenerationTask<String> {
        GenerationTask(number: 0, classIndex: 0, parent: parent, degree: degree, seed: 1)
    }

    func prompts(_ variation: String) throws -> EndpointPrompts {
        let json = #"{"model": "m", "fresh": ["Write: {labels}"], "variation": ["\#(variation)"]}"#
        let path = NSTemporaryDirectory() + UUID().uuidString + ".json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(json.utf8).write(to: URL(fileURLWithPath: path))
        return try EndpointPrompts(path: path)
    }

    func filled(_ prompts: EndpointPrompts, _ parent: String?, degree: Double)
        -> EndpointPrompts.Filled
    {
        var generator = SeededGenerator(seed: 1)
        return prompts.filled(
            for: task(parent, degree: degree),
            labels: "{text}",
            using: &generator
        )
    }

    @Test func whatIsFilledInIsNotFilledAgain() throws {
        let prompts = try prompts("{labels}|{text}|{other}")
        #expect(
            filled(prompts, "{labels} {gapped}", degree: 0.5).prompt
                == "{text}|{labels} {gapped}|{other}"
        )
        #expect(filled(prompts, nil, degree: 1).prompt == "Write: {text}")
    }

    @Test func keptWordsBeginTheCandidate() throws {
        let result = filled(try prompts("{labels}: {kept}"), "one two  three four", degree: 0.5)
        #expect(result.prompt == "{text}: one two")
        #expect(result.beginning == "one two")
        let last = filled(try prompts("{kept}"), "single", degree: 0.1)
        #expect(last.prompt == "" && last.beginning == "")
    }

    @Test func gapsReplaceWordsAtTheDegree() throws {
        let prompts = try prompts("{gapped}")
        #expect(filled(prompts, "a b  c", degree: 1).prompt == "_ _  _")
        let words = Array(repeating: "word", count: 2000).joined(separator: " ")
        let gaps = filled(prompts, words, degree: 0.3).prompt.count { $0 == "_" }
        // Binomial(2000, 0.3): 6 standard deviations are 123.
        #expect(abs(gaps - 600) < 123)
    }

    @Test func aVariationMustMentionItsParent() {
        #expect(throws: PrivateEvolutionError.self) { try prompts("no parent") }
        #expect(throws: PrivateEvolutionError.self) { try EndpointPrompts(path: "/none.json") }
    }

    /// A misspelt setting would silently be the default.
    @Test func keysThatAreNotKnownAreCounted() throws {
        let json =
            #"{"model": "m", "fresh": ["f"], "variation": ["{text}"], "max": 1, "temprature": 2}"#
        let path = NSTemporaryDirectory() + UUID().uuidString + ".json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(json.utf8).write(to: URL(fileURLWithPath: path))
        let refusal = PrivateEvolutionError.invalidPrompts(
            path: path,
            problem: "2 of its keys are unknown; there is api, fresh, model, stop,"
                + " temperature, top_k, top_p, variation"
        )
        #expect(throws: refusal) { try EndpointPrompts(path: path) }
    }

    @Test func aKeyIsNeverShown() {
        let key = EndpointKey("sk-secret")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("secret"))
    }
}
