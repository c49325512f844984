import Autograd
import Checkpoints
import DifferentialPrivacy
import Kernels
import LanguageModel
import Testing

@testable import PrivateTraining

@Suite("A run that trains adapters")
struct AdapterRunTests {
    private static let rank = 4
    private let workspace: RunWorkspace
    private let base: DecoderParameters
    /// The run's weights as every command opens them.
    private let opened: DecoderParameters
    private let adapters: DecoderAdapters

    init() throws {
        workspace = try RunWorkspace()
        var request = workspace.request()
        request.loraRank = Self.rank
        let run = try workspace.run(request)
        base = try ModelFolder(path: request.modelFolder).loadParameters()
        opened = try ModelFolder(path: request.run.folder).openWeights().read()
        let reader = try CheckpointReader(path: run.checkpoint)
        adapters = DecoderAdapters(zeros: base.configuration, rank: Self.rank)
        #expect(reader.adapterRank == Self.rank)
        try reader.read(.adapters, into: adapters.values, layout: adapters.layout)
    }

    @Test("Its frozen tensors are the base model's, bit for bit; all adapted ones moved")
    func frozenTensors() {
        for entry in base.layout.entries {
            let isAdapted = adapters.layout.entries.contains {
                entry.name.hasSuffix(".weight")
                    && $0.name.hasPrefix(entry.name.dropLast("weight".count) + "lora_")
            }
            let values = [base, opened].map { $0.values.values(entry.range).map(\.bitPattern) }
            #expect((values[0] == values[1]) == !isAdapted, "\(entry.name)")
        }
        for entry in adapters.layout.entries {
            #expect(adapters.values.values(entry.range).contains { $0 != 0 }, "\(entry.name)")
        }
    }

    @Test("Its merged weights give the logits of base and adapters")
    func mergedLogits() {
        var batch = TokenBatch()
        batch.appendUnit([TokenBatch.Sequence(tokens: [116, 104, 101, 32, 119, 111, 114, 100, 0])])
        let serial = ParallelFor(threadCount: 1)
        let adapted = DecoderGradientPass(parameters: base, adapters: adapters, parallel: serial)
        let merged = DecoderGradientPass(parameters: opened, parallel: serial)
        let pairs = zip(adapted.logits(batch), merged.logits(batch))
        // Single precision, logits below 10.
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-5 })
        let plain = DecoderGradientPass(parameters: base, parallel: serial)
        #expect(zip(plain.logits(batch), merged.logits(batch)).contains { abs($0 - $1) > 1e-3 })
    }
}
