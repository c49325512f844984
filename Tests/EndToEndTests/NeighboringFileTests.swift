import DemoCorpus
import Foundation
import Testing

/// `finetune` on files that differ in one record: whoever watches the command learns nothing of it.
@Suite struct NeighboringFileTests {
    /// A record more, and what a trainer might trip over in it.
    private static let others: [String: Data] = [
        "another": Data("please help with my order,billing,negative\n".utf8),
        "ten megabytes": Data(repeating: 0x61, count: 10 << 20) + Data(",app,neutral\n".utf8),
        "empty": Data(",app,neutral\n".utf8),
        "not text": Data([0xC3, 0x28, 0xFF, 0xFE, 0x00]) + Data(",app,neutral\n".utf8),
        "unknown label": Data("a text,zzz,neutral\n".utf8),
        "too few columns": Data("a text\n".utf8),
        "unclosed quote": Data("\"a text,app,neutral\n".utf8),
        "escapes": Data("\u{1B}[2J\u{7},app,neutral\n".utf8),
    ]

    /// What a watcher sees; the run's own folder is called the same every time.
    private struct View: Equatable {
        let status: Int32
        let output: [String: String]
        let errors: [String]
        let files: [String: Int]
    }

    private func view(_ bytes: Data) throws -> View {
        let setting = try FinetuneSetting()
        try bytes.write(to: setting.workspace.folder.appending(path: "private.csv"))
        var arguments = setting.arguments(flags: ["--insecure-seed", "7"]).filter {
            $0 != "--quiet"
        }
        for (place, argument) in arguments.enumerated() {
            arguments[place] = argument.replacing(setting.workspace.folder.path + "/", with: "")
        }
        let outcome = try Tool.run(arguments, in: setting.workspace.folder)
        var output = try outcome.json().mapValues { "\($0)" }
        // The verdict is drawn from the released weights, which differ: post-processing, as any sample is.
        for free in ["seconds", "tokens_per_second", "verdict"] { output[free] = nil }
        var files: [String: Int] = [:]
        let runs = setting.workspace.folder.appending(path: "runs").path
        for case let name as String in try #require(FileManager.default.enumerator(atPath: runs)) {
            if name.hasSuffix("verdict.json") { continue }
            let attributes = try FileManager.default.attributesOfItem(atPath: runs + "/" + name)
            files[name] =
                attributes[.type] as? FileAttributeType == .typeRegular
                ? attributes[.size] as? Int : 0
        }
        return View(
            status: outcome.status,
            output: output,
            // Progress appears every ten seconds, if at all.
            errors: outcome.errors.split(separator: "\n").map(String.init)
                .filter { !$0.hasSuffix(" left") },
            files: files
        )
    }

    @Test func aRecordMoreLessOrOtherChangesNothingThatShows() throws {
        let rows = DemoCorpus.messages(count: FinetuneSetting.count, seed: 5)
            .map { Data(($0.csvLine + "\n").utf8) }
        func file(_ rows: [Data]) -> Data {
            rows.reduce(Data((DemoMessage.csvHeader + "\n").utf8), +)
        }
        let original = try view(file(rows))
        #expect(original.status == 0)
        #expect(original.files.keys.contains { $0.hasSuffix(".h5") })
        #expect(try view(file(rows.dropLast())) == original, "removed")
        for (name, record) in Self.others.sorted(by: { $0.key < $1.key }) {
            #expect(try view(file(rows + [record])) == original, "\(name)")
            guard name == "another" || name == "not text" else { continue }
            #expect(try view(file(rows.dropLast() + [record])) == original, "\(name), replaced")
        }
    }
}
