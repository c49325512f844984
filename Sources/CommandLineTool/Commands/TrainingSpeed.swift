import Checkpoints
import Foundation
import LanguageModel
import PrivateTraining

/// How fast a model trains here, and how that is known.
struct TrainingSpeed {
    let tokensPerSecond: Double
    /// "given", or whose steps were measured.
    let source: String

    /// A speed that the user knows.
    init(tokensPerSecond: Double) {
        self.tokensPerSecond = tokensPerSecond
        source = "given"
    }

    /// Operations of a measured step, about; a step of large models has a few records all the same.
    private static let operations = 3e10

    /// Measures a few small steps on random weights and tokens: a second or two.
    ///
    /// - Parameters:
    ///   - name: A model; nil for the bundled one, or a preset where there is none.
    ///   - sequenceLength: Tokens of a record.
    ///   - isPrivate: Whether steps clip and add noise.
    ///   - threads: Threads to use.
    /// - Throws: `ToolError`, `CheckpointError` for a model that cannot be opened.
    init(measuring name: String?, sequenceLength: Int, isPrivate: Bool, threads: Int) throws {
        let (model, called) = try Self.model(name)
        try self.init(
            measuring: model,
            called: called,
            sequenceLength: sequenceLength,
            isPrivate: isPrivate,
            threads: threads
        )
    }

    /// Measures a few small steps of a model of that shape.
    init(
        measuring model: DecoderConfiguration,
        adapterRank: Int? = nil,
        called: String,
        sequenceLength: Int,
        isPrivate: Bool,
        threads: Int
    ) throws {
        try ToolError.require("--sequence-length", sequenceLength, in: 2...model.contextLength)
        let record = ModelOperations(model).forwardAndBackward(rows: sequenceLength - 1)
        var benchmark = TrainingBenchmark(model, threads: threads)
        benchmark.sequenceLength = sequenceLength
        benchmark.adapterRank = adapterRank
        benchmark.batchSize = Int(min(max(Self.operations / record, 4), 256))
        benchmark.clipping = isPrivate ? .ghost : .none
        benchmark.steps = 3
        benchmark.productRounds = 1
        let result = try benchmark.run()
        tokensPerSecond = Double(benchmark.batchSize * sequenceLength) / result.stepSeconds
        source = "measured here in small steps, \(called)"
    }

    private static func model(_ name: String?) throws -> (DecoderConfiguration, String) {
        guard let folder = try ModelLocator.current().folderIfAny(named: name) else {
            let preset = DecoderConfiguration.Preset.mini
            return (DecoderConfiguration(preset), "preset \(preset.rawValue)")
        }
        return (
            try ModelFolder(path: folder.path).configuration, "model \(folder.lastPathComponent)"
        )
    }
}
