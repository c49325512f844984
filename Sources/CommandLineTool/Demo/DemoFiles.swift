import DemoCorpus
import Evaluation
import Foundation
import Kernels

/// The folder of a demonstration and the made-up data in it.
struct DemoFiles {
    static let trainingSeed: UInt64 = 11
    private static let testSeed: UInt64 = 12
    private static let publicSeed: UInt64 = 13

    /// Messages that play the private corpus.
    static let privateCount = 20_000
    /// Messages that nothing is trained on; none has the words of one that is.
    static let testCount = 2_000
    /// Posts for a base model, where none is bundled.
    static let publicCount = 6_000

    /// The folder, as the user wrote it.
    let folder: String

    /// Makes the folder with `private.csv`, `test.csv`, `label-values.json`, `label-mix.json`.
    ///
    /// - Throws: `ToolError.outputUnavailable` if it exists and is not empty, or a file error.
    init(folder: String) throws {
        self.folder = folder
        try OutputFolder(folder).make { draft in
            let messages = DemoCorpus.messages(count: Self.privateCount, seed: Self.trainingSeed)
            try Self.write(Self.table(messages), to: draft.appending(path: "private.csv"))
            try Self.write(
                Self.table(try Self.testMessages(besides: messages)),
                to: draft.appending(path: "test.csv")
            )
            try Self.write(Self.labelValues, to: draft.appending(path: "label-values.json"))
            try Self.write(Self.labelMix, to: draft.appending(path: "label-mix.json"))
        }
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { folder + "/" + name }

    /// Writes `public.txt`: posts on other subjects, one a line.
    func writePublicPosts() throws {
        try Self.write(
            DemoCorpus.publicPosts(count: Self.publicCount, seed: Self.publicSeed),
            to: URL(filePath: path("public.txt"))
        )
    }

    private static func write(_ lines: [String], to url: URL) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
    }

    private static func table(_ messages: [DemoMessage]) -> [String] {
        [DemoMessage.csvHeader] + messages.map(\.csvLine)
    }

    /// Short messages are made twice now and then; those that are in training would flatter every method.
    static func testMessages(besides training: [DemoMessage]) throws -> [DemoMessage] {
        let parallel = ParallelFor(threadCount: 1)
        let drawn = DemoCorpus.messages(count: testCount * 5 / 4, seed: testSeed)
        let places = TestTextsInTraining.places(
            of: try TextFeatures(drawn.map(\.text), parallel: parallel),
            in: try TextFeatures(training.map(\.text), parallel: parallel)
        )
        return Array(zip(drawn, places).filter { !$1.normalised }.map(\.0).prefix(testCount))
    }

    private static var labelValues: [String] {
        let columns = DemoCorpus.labelColumns.map { column in
            JSONValue.Member(
                key: column,
                value: .array((DemoCorpus.labelValues[column] ?? []).map { .string($0) })
            )
        }
        return [JSONValue.object(columns).description]
    }

    /// A mix that somebody who knows the business would guess; it is not read off the data.
    private static let labelMix = [
        """
        {"topic": {"delivery": 0.25, "billing": 0.2, "quality": 0.2, "app": 0.15, "staff": 0.1, \
        "membership": 0.1},
        """,
        #" "sentiment": {"negative": 0.4, "neutral": 0.25, "positive": 0.35}}"#,
    ]
}
