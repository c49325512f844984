import ArgumentParser
import Foundation
import LanguageModel

/// `dpscribe bench`: how fast this machine trains and samples.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the speed of training and sampling on this machine.",
        discussion: """
            Models have random weights and texts are random tokens; no data is read. Speeds are \
            medians of repeated steps after warm-up.
            """,
        subcommands: [
            BenchGEMM.self, BenchTrain.self, BenchSample.self, BenchNeighbors.self,
        ]
    )

    /// The model shape if `--config` does not name one.
    static let defaultShape = DecoderConfiguration.Preset.mini.rawValue

    /// What a measurement says of memory.
    static func peakLine(_ bytes: Int) -> String {
        String(format: "%.2f GB at the peak", Double(bytes) / 1e9)
    }

    /// Says which options have no meaning for a measurement.
    static func noteIgnored(_ names: [String], by measurement: String, _ global: GlobalOptions) {
        guard !names.isEmpty else { return }
        global.progress().note(
            "bench \(measurement) has no use for \(names.joined(separator: ", ")): ignored"
        )
    }
}
