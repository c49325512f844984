import Corpus
import Foundation
import Testing

@testable import PublicTraining

@Suite struct PublicTextTests {
    private let workspace: PublicWorkspace
    private let tokenizer: BytePairTokenizer

    init() throws {
        workspace = try PublicWorkspace()
        tokenizer = try BytePairTokenizer(folder: workspace.folder + "/model")
        try Data((0..<9).map { "document \($0)\n" }.joined().utf8)
            .write(to: URL(filePath: workspace.folder + "/documents.txt"))
    }

    private func text(labelled: LabelledText? = nil, windowLength: Int = 31) throws -> PublicText {
        try PublicText(
            paths: [workspace.folder + "/documents.txt"],
            column: "text",
            labelled: labelled,
            tokenizer: tokenizer,
            windowLength: windowLength
        )
    }

    private func windows(_ windows: DocumentWindows) -> [[Int32]] {
        (0..<windows.count).map { Array(windows[$0]) }
    }

    @Test func oneDocumentInAHundredIsHeldOutAndAllBeginAndEndWithEndOfText() throws {
        let text = try text()
        #expect(text.training.count == 8)
        #expect(text.heldOut.count == 1)
        let held = Array("document 7".utf8)
        let end = tokenizer.endOfText
        #expect(windows(text.heldOut) == [[end] + tokenizer.encode(held) + [end]])
        #expect(text.heldOutBytes == held.count)
    }

    @Test func windowsOverlapByOneAndPredictEveryTokenButTheFirst() throws {
        let whole = try windows(text().training)
        let pieces = try text(windowLength: 4).training
        #expect(pieces.predictedTokens == whole.reduce(0) { $0 + $1.count - 1 })
        #expect(windows(pieces).allSatisfy { $0.count <= 5 })
        let first = windows(pieces)[0] + windows(pieces)[1].dropFirst()
        #expect(first == Array(whole[0].prefix(first.count)))
    }

    /// What a model learns from labelled public text is what `finetune` will ask of it.
    @Test func labelledRecordsAreLaidOutAsPrivateExamplesAre() throws {
        let labelled = LabelledText(
            paths: [workspace.folder + "/data.csv"],
            columns: ["topic", "user"]
        )
        let text = try text(labelled: labelled)
        let encoder = ExampleEncoder(
            tokenizer: tokenizer,
            sequenceLength: 32,
            labelSet: try LabelSet(
                columns: ["topic", "user"],
                values: [["a", "b"], (0..<6).map { "user\($0)" }]
            )
        )
        let record = Record(
            number: 1,
            text: Array("the word red 0".utf8),
            labels: [Array("a".utf8), Array("user0".utf8)]
        )
        let example = try encoder.example(for: record).get()
        #expect(text.training.count == 8 + PublicWorkspace.rows.count)
        #expect(windows(text.training)[8] == example.tokens)
        #expect(windows(text.heldOut) == windows(try self.text().heldOut))
    }

    @Test func labelledFilesWithoutALabelColumnAreRefused() throws {
        let labelled = LabelledText(paths: [workspace.folder + "/data.csv"], columns: ["mood"])
        #expect(throws: CorpusError.self) { try text(labelled: labelled) }
    }
}
