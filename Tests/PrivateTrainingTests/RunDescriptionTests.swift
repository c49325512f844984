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
        path = request.run.folder + "/run.json"
    }

    private func edit(_ old: String, _ new: String) throws {
        let text = try workspace.text("runs/one/run.json")
        let edited = text.replacing(old, with: new)
        #expect(edited != text, "\(old)")
        try Data(edited.utf8).write(to: URL(filePath: path))
    }

    /// Everything that reads a run.
    private var readers: [(name: String, read: () throws -> Void)] {
        let (folder, workspace, request) = (request.run.folder, workspace, request)
        return [
            ("resume", { _ = try workspace.run(request) }),
            ("release", { _ = try RunRelease(run: folder) }),
            ("sample", { _ = try Provenance(of: folder, checkedBy: .checkpoints) }),
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
        let expected = RunError.damagedDescription(path: path, problem: "it is missing")
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

    /// A ledger that does not know the digest of its description could be of any run.
    @Test func aLedgerThatDoesNotNameItsDescriptionIsRefused() throws {
        _ = try workspace.run(request, steps: 0)
        try forgetDescription()
        let ledger = try workspace.text("runs/one/ledger.jsonl")
        #expect(!ledger.contains("description") && ledger.contains(#""schema":1"#))
        #expect(throws: LedgerError.otherDescription(path: path)) { try workspace.run(request) }
    }

    /// Writes the ledger, which has a header alone, without the digest.
    private func forgetDescription() throws {
        let path = request.run.folder + "/ledger.jsonl"
        let header = try #require(
            try RunFolder(path: request.run.folder).record(checkedBy: .none)
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
