import Foundation
import Testing

@testable import PublicTraining

@Suite struct PretrainingOutcomeTests {
    private func outcome(documents: Int) throws -> Pretraining.Outcome {
        let workspace = try PublicWorkspace()
        let text = workspace.folder + "/public.txt"
        let lines = (0..<documents).map { "the word \($0)\n" }
        try Data(lines.joined().utf8).write(to: URL(filePath: text))
        let request = PretrainingRequest(
            dataPaths: [text],
            configuration: nil,
            tokenizerFolder: workspace.folder + "/model",
            modelFolder: workspace.folder + "/model",
            duration: .epochs(1),
            outputFolder: workspace.folder + "/base",
            threads: 1
        )
        return try Pretraining(request).run(shouldStop: { false }, report: { _ in })
    }

    /// Nearly untrained, so close to as many nats as a uniform guess over 260 tokens.
    @Test func aHeldOutDocumentIsMeasured() throws {
        let outcome = try outcome(documents: 20)
        let loss = try #require(outcome.heldOutLoss)
        let bits = try #require(outcome.heldOutBitsPerByte)
        #expect(abs(loss - log(260)) < 1)
        // One document of ten bytes and an end; a token is a byte or more.
        #expect(bits > 0 && bits < loss / log(2) * 11 / 10 + 1e-9)
    }

    @Test func withoutAHeldOutDocumentNoLossIsStated() throws {
        let outcome = try outcome(documents: 3)
        #expect(outcome.heldOutLoss == nil && outcome.heldOutBitsPerByte == nil)
    }
}
