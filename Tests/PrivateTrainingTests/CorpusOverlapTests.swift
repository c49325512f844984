import Corpus
import Foundation
import Testing

@testable import DifferentialPrivacy
@testable import PrivateTraining

/// The same people's records in whatever form they come: what runs on them cost adds up.
@Suite struct CorpusOverlapTests {
    private static let rows = (0..<200).map { row in
        "the word \(["red", "green", "blue"][row % 3]) \(row),\(["a", "b"][row % 2]),user\(row / 2)"
    }

    private let workspace: RunWorkspace

    init() throws { workspace = try RunWorkspace(rows: Self.rows) }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: workspace.folder + "/" + name))
    }

    private func request(_ run: String, _ files: [String]) -> FineTuningRequest {
        var request = workspace.request(run: "runs/" + run)
        request.dataPaths = files.map { workspace.folder + "/" + $0 }
        request.datasetSize = 200
        request.batchSize = 100
        request.epochs = 1
        request.epsilon = 4
        request.delta = 1e-4
        request.run.insecureSeed = nil
        return request
    }

    /// Writes the same records six times, and names the files of each.
    private func variants() throws -> [(run: String, files: [String])] {
        let header = "text,topic,user\n"
        let lines = Self.rows
        try write(header + lines.joined(separator: "\n") + "\n\n", to: "newline.csv")
        try write(header + lines.reversed().joined(separator: "\n") + "\n", to: "reversed.csv")
        let fields = lines.map { $0.split(separator: ",") }
        let json = fields.map { #"{"text":"\#($0[0])","topic":"\#($0[1])","user":"\#($0[2])"}"# }
        try write(json.joined(separator: "\n"), to: "records.jsonl")
        try write(header + lines[..<80].joined(separator: "\n"), to: "first.csv")
        try write(header + lines[80...].joined(separator: "\r\n"), to: "second.csv")
        try write(
            header + lines.joined(separator: "\n") + "\none record more,a,user999\n",
            to: "more.csv"
        )
        let turned = fields.map { "\($0[2]),\($0[1]),\($0[0])" }
        try write("user,topic,text\n" + turned.joined(separator: "\n") + "\n", to: "columns.csv")
        return [
            ("newline", ["newline.csv"]), ("reversed", ["reversed.csv"]),
            ("json", ["records.jsonl"]), ("split", ["second.csv", "first.csv"]),
            ("more", ["more.csv"]), ("columns", ["columns.csv"]),
        ]
    }

    @Test func theSameRecordsInAnyFormCompose() throws {
        var last: FineTuningOutcome?
        for (number, variant) in try variants().enumerated() {
            let outcome = try workspace.run(request(variant.run, variant.files))
            let plan = outcome.plan
            let all = PrivacyEvent.repeated(
                plan.stepEvent,
                count: (number + 1) * plan.schedule.steps
            )
            let truth = try PrivacyAccounting.guarantee(of: all, delta: 1e-4).epsilon
            #expect(abs(outcome.corpusEpsilon - truth) <= 1e-9 * truth, "\(variant.run)")
            last = outcome
        }
        let total = try #require(last).corpusEpsilon
        #expect(total > 7.76, "six runs at epsilon 4")
        // Every one of them shows the same total, whichever is looked at.
        let directory = LedgerDirectory(path: workspace.folder + "/runs")
        for (_, record) in try directory.records(checkedBy: .checkpoints) {
            let runs = try directory.runs(like: record.header, checkedBy: .checkpoints)
            #expect(runs.members.count == 6 && runs.unknown.isEmpty)
            #expect(runs.members.allSatisfy { ($0.overlap.share ?? 0) > 0.99 })
        }
        // Other people's records are another matter.
        let others = (0..<50).map { "someone else wrote \($0),a,person\($0)" }
        try workspace.write(others, to: "others.csv")
        let outcome = try workspace.run(request("others", ["others.csv"]))
        #expect(outcome.corpusEpsilon == outcome.epsilon && outcome.epsilon <= 4)
    }

    /// The release says the total, and holds nothing of the sketch.
    @Test func aReleaseStatesTheTotalAndNoSketch() throws {
        let variants = try variants()
        for variant in variants.prefix(2) {
            try workspace.run(request(variant.run, variant.files))
        }
        let out = workspace.folder + "/release"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let run = workspace.folder + "/runs/newline"
        let manifest = try RunRelease(run: run).write(to: out)
        #expect(manifest.corpus.runs == 2)
        let record = try #require(try RunFolder(path: run).record(checkedBy: .checkpoints))
        let texts = try #require(record.header.texts)
        let json = try JSONEncoder().encode(texts)
        let box = try #require(
            (try JSONSerialization.jsonObject(with: json) as? [String: String])?["box"]
        )
        for name in try FileManager.default.contentsOfDirectory(atPath: out) {
            let bytes = try Data(contentsOf: URL(filePath: out + "/" + name))
            #expect(bytes.range(of: Data(box.prefix(64).utf8)) == nil, "\(name)")
            #expect(bytes.range(of: Data(texts.key.description.utf8)) == nil, "\(name)")
        }
    }

    @Test func aCorpusBudgetIsKeptBeforeAnythingIsSpent() throws {
        let variants = try variants()
        var first = request("first", variants[0].files)
        first.run.corpusBudget = 4
        try workspace.run(first)
        var second = request("second", variants[1].files)
        second.run.corpusBudget = 5
        let refusal = #expect(throws: LedgerError.self) { try workspace.run(second) }
        guard case .corpusBudgetExceeded(_, let epsilon, 5, ["first"]) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        let folder = workspace.folder + "/runs"
        #expect(epsilon > 5)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                ".key", "first",
            ]
        )
        second.run.corpusBudget = epsilon
        let outcome = try workspace.run(second)
        #expect(outcome.corpusEpsilon <= epsilon * (1 + 1e-9))
        // A finished run spends nothing more.
        second.run.corpusBudget = 5
        #expect(try workspace.run(second).isFinished)
        // One that goes on is asked again, and its own plan counts once.
        var third = request("third", variants[2].files)
        try workspace.run(third, steps: 1)
        third.run.corpusBudget = epsilon
        #expect(throws: LedgerError.self) { try workspace.run(third) }
        third.run.corpusBudget = epsilon * 2
        #expect(try workspace.run(third).isFinished)
    }

    /// Ledger and checkpoint cut back together are whole in themselves.
    @Test func aWitnessElsewhereNoticesARunThatWasPutBack() throws {
        var request = request("one", try variants()[0].files)
        request.epochs = 3
        request.run.witnessFile = LedgerWitnessFile(path: workspace.folder + "/heads.jsonl")
        try workspace.run(request, steps: 1)
        let (run, copy) = (workspace.folder + "/runs/one", workspace.folder + "/copy")
        try FileManager.default.copyItem(atPath: run, toPath: copy)
        try workspace.run(request, steps: 2)
        try FileManager.default.removeItem(atPath: run)
        try FileManager.default.copyItem(atPath: copy, toPath: run)
        let before = try workspace.text("runs/one/ledger.jsonl")
        let refusal = #expect(throws: LedgerError.self) { try workspace.run(request) }
        guard case .doesNotCover(_, 2, 3) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(try workspace.text("runs/one/ledger.jsonl") == before)
        request.run.witnessFile = nil
        #expect(try workspace.run(request).isFinished)
    }

    @Test func aRunFromBeforeSketchesGoesOn() throws {
        let request = request("one", try variants()[0].files)
        do { _ = try FineTuning(request) }
        let path = request.run.folder + "/ledger.jsonl"
        let header = try #require(
            try RunFolder(path: request.run.folder).record(checkedBy: .none)
        ).header
        try forgetTexts(header, at: path)
        #expect(try !workspace.text("runs/one/ledger.jsonl").contains("texts"))
        #expect(try workspace.run(request).isFinished)
        let second = try FineTuning(self.request("two", ["reversed.csv"]))
        #expect(second.corpusRuns.members.isEmpty && second.corpusRuns.unknown == ["one"])
        let third = try FineTuning(self.request("three", ["newline.csv"]))
        #expect(third.corpusRuns.members.map(\.run) == ["one", "two"])
        #expect(third.corpusRuns.unknown.isEmpty)
    }

    /// Writes a ledger of a header alone, as earlier versions did.
    private func forgetTexts(_ header: LedgerHeader, at path: String) throws {
        let earlier = LedgerHeader(
            product: header.product,
            method: header.method,
            runIdentifier: header.runIdentifier,
            corpus: header.corpus,
            isInsecure: header.isInsecure,
            promise: LedgerPromise(header),
            description: Array(try workspace.text("runs/one/run.json").utf8)
        )
        let (line, _) = try LedgerChain().appending(.header(earlier))
        try Data(line + [UInt8(ascii: "\n")]).write(to: URL(filePath: path))
    }
}
