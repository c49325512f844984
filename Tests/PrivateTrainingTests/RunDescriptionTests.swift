import Foundation
import Testing
import Training

@testable import DifferentialPrivacy
@testable import PrivateTraining

/// `run.json` says how steps are computed and whom they protect: whoever reads a run must notice that
/// it is not the one that the run was begun with.
@Suite struct RunDescriptionTests {
    private let workspace: RunWorkspace
    private let request: FineTuningRequest
    private let path: String

    init() throws {
        workspace = try RunWorkspace()
        request = workspace.request()
        path = request.runFolder + "/run.json"
    }

    private func edit(_ old: String, _ new: String) throws {
        let text = try workspace.text("runs/one/run.json")
        let edited = text.replacing(old, with: new)
        #expect(edited != text, "\(old)")
        try Data(edited.utf8).write(to: URL(filePath: path))
    }

    /// Everything that reads a run.
    private var readers: [(name: String, read: () throws -> Void)] {
        let (folder, workspace, request) = (request.runFolder, workspace, request)
        return [
            ("resume", { _ = try workspace.run(request) }),
            ("release", { _ = try RunRelease(run: folder) }),
            ("sample", { _ = try ModelProvenance(of: folder, checkedBy: .checkpoints) }),
            (
                "status",
                {
                    let record = try #require(try RunFolder(path: folder).record(checkedBy: .none))
                    _ = try RunDescription.read(from: folder, of: record.header)
                }
            ),
        ]
    }

    @Test(
        arguments: [
            ("\n}\n", "\n}\n\n"), ("\"text_column\" : \"text\"", "\"text_column\" : \"user\""),
            ("\"not_private\" : true", "\"not_private\" : false"),
            ("\"learning_rate\" : 0.01", "\"learning_rate\" : 0.02"),
            ("\"dataset_size_source\" : \"given\"", "\"dataset_size_source\" : \"corpus\""),
            ("{", ""),
        ],
        [2, 6]
    )
    func anEditIsNoticedByEveryReader(edit: (String, String), steps: Int) throws {
        _ = try workspace.run(request, steps: steps)
        let before = try workspace.text("runs/one/ledger.jsonl")
        try self.edit(edit.0, edit.1)
        for reader in readers {
            #expect(throws: LedgerError.otherDescription(path: path), "\(reader.name)") {
                try reader.read()
            }
        }
        #expect(try workspace.text("runs/one/ledger.jsonl") == before)
    }

    @Test func aMissingOneIsNoticedByEveryReader() throws {
        _ = try workspace.run(request)
        try FileManager.default.removeItem(atPath: path)
        let expected = TrainingError.damagedRun(path: path, problem: "it is missing")
        for reader in readers {
            #expect(throws: expected, "\(reader.name)") { try reader.read() }
        }
    }

    /// The ledger names the file's SHA-256, as `sha256sum run.json` prints it.
    @Test func theLedgerKnowsTheFilesDigest() throws {
        _ = try workspace.run(request, steps: 1)
        let digest = ContentDigest(ofContents: Array(try workspace.text("runs/one/run.json").utf8))
        let ledger = try workspace.text("runs/one/ledger.jsonl")
        #expect(ledger.contains(#""description_sha256":"\#(digest)""#))
    }

    /// A ledger from before the digest was recorded is held to what it promised.
    @Test func anEarlierLedgerIsReadAndHeldToItsPromise() throws {
        _ = try workspace.run(request)
        let whole = try workspace.weights()
        try FileManager.default.removeItem(atPath: request.runFolder)
        var start = request
        start.resumes = true
        _ = try FineTuning(start)
        try forgetDescription()
        let ledger = try workspace.text("runs/one/ledger.jsonl")
        #expect(!ledger.contains("description") && ledger.contains(#""schema":1"#))
        let description = try workspace.text("runs/one/run.json")
        try edit("\"epsilon\" : 8", "\"epsilon\" : 9")
        #expect(throws: LedgerError.otherDescription(path: path)) { try workspace.run(request) }
        try Data(description.utf8).write(to: URL(filePath: path))
        #expect(try workspace.run(request).isFinished)
        #expect(try workspace.weights() == whole)
    }

    /// Writes the ledger, which has a header alone, as earlier versions did.
    private func forgetDescription() throws {
        let path = request.runFolder + "/ledger.jsonl"
        let header = try #require(
            try RunFolder(path: request.runFolder).record(checkedBy: .none)
        ).header
        let earlier = LedgerHeader(
            product: header.product,
            method: header.method,
            runIdentifier: header.runIdentifier,
            corpus: header.corpus,
            isInsecure: header.isInsecure,
            promise: LedgerPromise(header)
        )
        let (line, _) = try LedgerChain().appending(.header(earlier))
        try Data(line + [UInt8(ascii: "\n")]).write(to: URL(filePath: path))
    }
}
