import Foundation
import Kernels
import Synchronization
import Testing

@testable import Checkpoints
@testable import LanguageModel

/// Answers of transformers for the same weights (Fixtures/make_huggingface.py).
@Suite struct GenerationAgainstTransformersTests {
    private struct Answers: Decodable {
        let prompts: [[Int32]]
        let greedy: [[Int32]]
        let tokens: [Int32]
        let logits: [[Float]]
        let logit_rows: [Int]
    }

    private let parameters: DecoderParameters
    private let answers: Answers

    init() throws {
        let folder = TemporaryFolder.fixture("HuggingFace")
        parameters = try ModelFolder(path: folder + "/plain").loadParameters()
        let json = try Data(contentsOf: URL(fileURLWithPath: folder + "/answers.json"))
        answers = try JSONDecoder().decode(Answers.self, from: json)
    }

    @Test(arguments: [1, 3, 64], [1, 2])
    func greedyContinuationsAreEqual(batchSize: Int, threads: Int) throws {
        let generator = TextGenerator(
            parameters,
            batchSize: batchSize,
            parallel: ParallelFor(threadCount: threads)
        )
        for (prompt, expected) in zip(answers.prompts, answers.greedy) {
            let options = SamplingOptions(
                temperature: 0,
                maximumNewTokens: expected.count,
                endOfText: 60
            )
            let texts = try generator.generate([prompt, prompt], options) { _ in
                SystemRandomNumberGenerator()
            }
            #expect(texts == [expected, expected])
        }
    }

    /// The whole sequence at once, in pieces, and token by token.
    @Test(arguments: [40, 7, 1])
    func cachedLogitsAreEqual(piece: Int) {
        let model = PackedDecoder(parameters, parallel: ParallelFor(threadCount: 1))
        let pass = DecodingPass(
            model,
            rowLimit: 40,
            sequenceLimit: 1,
            parallel: ParallelFor(threadCount: 2)
        )
        let cache = KeyValueCache(parameters.configuration, slotCount: 1, positions: 40)
        var largest: Float = 0
        for (row, expected) in zip(answers.logit_rows, answers.logits) {
            let logits = Mutex<[Float]>([])
            for start in stride(from: 0, through: row, by: piece) {
                let tokens = Array(answers.tokens[start...min(row, start + piece - 1)])
                let run = TokenRun(
                    slot: 0,
                    firstPosition: start,
                    tokens: tokens,
                    firstRow: 0,
                    logitsRow: 0
                )
                _ = pass.run([run], cache: cache) { place, row in
                    logits.withLock { $0 = row.values }
                    return Int32(place)
                }
            }
            for (logit, answer) in zip(logits.withLock(\.self), expected) {
                largest = max(largest, abs(logit - answer))
            }
        }
        // Logits here reach about 10; Float32 sums of 64 terms differ by some 1e-5.
        #expect(largest < 1e-4)
    }
}
