import ArgumentParser
import Foundation
@testable import PrivateEvolution
import Testing

@testable import CommandLineTool

@Suite struct EvolutionOptionsTests {
    private func settings(_ arguments: String...) throws -> EvolutionSettings {
        try EvolutionOptions.parse(["--iterations", "4", "--count", "10"] + arguments)
            .settings(try TextClasses(nil))
    }

    @Test func withoutOptionsTheSettingsAreThoseOfTheAlgorithm() throws {
        let plain = EvolutionSettings(
            iterations: 4,
            count: 10,
            classes: .noisyHistogram(count: 1)
        )
        #expect(try settings() == plain)
        #expect(plain.temperature == nil && plain.threshold == 0)
        // What earlier versions wrote is what this one reads and writes.
        let json = String(decoding: try JSONEncoder().encode(plain), as: UTF8.self)
        #expect(!json.contains("temperature"))
        #expect(try JSONDecoder().decode(EvolutionSettings.self, from: Data(json.utf8)) == plain)
    }

    @Test func thresholdTemperatureAndDegreesAreTheAlgorithms() throws {
        let all = try settings(
            "--selection",
            "sample",
            "--count-threshold",
            "2.5",
            "--temperature",
            "1.4",
            "--variation-degrees",
            "0.9,0.2"
        )
        #expect(all.threshold == 2.5 && all.temperature == 1.4)
        #expect(all.degrees == VariationDegrees(first: 0.9, last: 0.2))
        let repeated = try settings("--variation-degrees=1", "--variation-degrees=0.5")
        #expect(repeated.degrees == VariationDegrees(first: 1, last: 0.5))
        #expect(
            try settings("--variation-degrees", "0.5").degrees.degree(forIteration: 1, of: 9) == 0.5
        )
        #expect(
            try settings("--variation-degrees", "0.5").degrees.degree(forIteration: 9, of: 9) == 0.5
        )
    }

    @Test func neighborsAndParentsAreTheAlgorithms() throws {
        let plain = try settings()
        #expect(plain.neighborCount == 1 && plain.parents == .compete)
        let chosen = try settings("--neighbors", "3", "--parents", "replace")
        #expect(chosen.neighborCount == 3 && chosen.parents == .replaced)
        #expect(try settings("--parents", "keep") == plain)
        // Who is replaced needs no company, but a choice.
        #expect(
            try settings("--parents", "replace", "--variations", "1", "--selection", "sample")
                .variations == 1
        )
        #expect(throws: (any Error).self) { try settings("--parents", "some") }
    }

    @Test(
        arguments: [
            (["--neighbors", "0"], "--neighbors is 0; it must be at least 1"),
            (["--neighbors", "-2"], "--neighbors is -2"),
            (["--parents", "replace", "--variations", "1"], "--variations is 1"),
            (["--count-threshold", "-1", "--selection", "sample"], "--count-threshold is -1.0"),
            (["--count-threshold", "nan", "--selection", "sample"], "--count-threshold is nan"),
            (["--count-threshold", "3"], "--count-threshold is for --selection sample"),
            (["--temperature", "0"], "--temperature is 0.0; it must be above 0, at most 100"),
            (["--temperature", "1e300"], "--temperature is 1e+300"),
            (["--temperature", "-1"], "--temperature is -1.0"),
            (["--variation-degrees", "0"], "--variation-degrees is 0.0; it must be in (0, 1]"),
            (["--variation-degrees", "0.5,1.5"], "--variation-degrees is 1.5"),
            (["--variation-degrees", "0.5,x"], "--variation-degrees 0.5,x: write one share"),
            (["--variation-degrees", ","], "--variation-degrees ,: write one share"),
            (["--variation-degrees", "-0.5,0.4"], "--variation-degrees is -0.5"),
            (["--variation-degrees", "0.8,0.6,0.4"], "or the first and the last"),
        ])
    func whatIsOutOfRangeIsNamed(arguments: [String], message: String) throws {
        let options = try EvolutionOptions.parse(["--iterations", "4", "--count", "9"] + arguments)
        do {
            _ = try options.settings(try TextClasses(nil))
            Issue.record("taken: \(arguments)")
        } catch {
            let report = ErrorReport(error)
            #expect(report.message.contains(message), "\(report.message)")
        }
    }
}
