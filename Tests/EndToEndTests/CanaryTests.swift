import DemoCorpus
import Foundation
import Testing

/// Strings that must stay in the private file: looked for in every byte that a run leaves or says.
@Suite struct CanaryTests {
    /// What only the file knows: words of texts, label values outside the public set, users, places.
    private static let canaries = (0..<20).map {
        "qzx\($0)-" + String($0 * 7_919 + 104_729, radix: 36)
    }

    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    /// Messages of users, every kind of record that could make somebody quote it among them.
    private func hostileFile() throws -> String {
        let canaries = Self.canaries
        var bytes = Array("who,text,topic,sentiment\n".utf8)
        for (place, message) in DemoCorpus.messages(count: 200, seed: 8).enumerated() {
            bytes += Array("\(canaries[place % 5]),\(message.csvLine)\n".utf8)
        }
        for place in 5..<9 {
            bytes += Array("\(canaries[0]),\(canaries[place]),billing,negative\n".utf8)
        }
        for place in 9..<13 {
            bytes += Array("\(canaries[1]),a text,\(canaries[place]),negative\n".utf8)
        }
        bytes += Array("\(canaries[13]),".utf8) + [0xFF, 0xFE] + Array(",billing,negative\n".utf8)
        bytes += Array("\(canaries[14]),,app,neutral\n\(canaries[15])\n".utf8)
        bytes += Array("\(canaries[16]),a text,\(canaries[17]),\(canaries[18])\n".utf8)
        let folder = setting.workspace.folder.appending(path: canaries[19])
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try setting.workspace.write(bytes, to: canaries[19] + "/private.csv")
    }

    @Test func noByteOfARunQuotesThePrivateFile() throws {
        let changes = [
            "--data": try hostileFile(), "--user-column": "who", "--dataset-size": "",
            "--batch-size": "2", "--delta": "0.01",
        ]
        let arguments = setting.arguments("run", changes).filter { $0 != "--quiet" }
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 0)
        let sampled = try Tool.run([
            "sample", "--model", setting.path("run"), "--count", "20", "--max-new-tokens", "8",
            "--out", setting.path("run/synthetic.csv"),
        ])
        #expect(sampled.status == 0)
        let said = [outcome, sampled].map { $0.output + $0.errors }.joined()
        var places = [("what was said", Data(said.utf8))]
        let runs = setting.workspace.folder.appending(path: "runs")
        let files = try #require(FileManager.default.enumerator(atPath: runs.path))
        for case let name as String in files {
            places.append(("the name of a file", Data(name.utf8)))
            if let data = FileManager.default.contents(atPath: runs.path + "/" + name) {
                places.append((name, data))
            }
        }
        #expect(places.count > 10)
        for (place, data) in places {
            for (number, canary) in Self.canaries.enumerated() {
                #expect(data.range(of: Data(canary.utf8)) == nil, "canary \(number) in \(place)")
            }
        }
    }
}
