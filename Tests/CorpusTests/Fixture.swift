import Foundation

@testable import Corpus

/// Files that the tests read, and places they write to.
enum Fixture {
    /// The path of a committed fixture.
    static func path(_ name: String) -> String {
        Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
    }

    /// The tokenizer of 1,024 tokens that `tokenizers` trained.
    static func tokenizer() throws -> BytePairTokenizer {
        try BytePairTokenizer(folder: path("tokenizer"))
    }

    /// The development corpora, if the environment names them.
    static var corpora: String? { ProcessInfo.processInfo.environment["DPSCRIBE_CORPORA"] }

    /// Runs the body with a new folder, which is removed afterwards.
    static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("corpus-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    /// Writes bytes to a file of a folder and returns its path.
    static func write(_ bytes: [UInt8], to name: String, in folder: String) throws -> String {
        let path = folder + "/" + name
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The same for text.
    static func write(_ text: String, to name: String, in folder: String) throws -> String {
        try write(Array(text.utf8), to: name, in: folder)
    }
}

/// The 10,000 strings of `fuzz.bin`, each with digests of the ids that the references give.
struct FuzzFixture {
    struct Item {
        let text: [UInt8]
        let smallDigest: UInt32
        let gpt2Digest: UInt32
    }

    let items: [Item]

    init() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("fuzz.bin"))))
        var index = 0
        func integer(_ count: Int) -> UInt32 {
            defer { index += count }
            return (0..<count).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
        }
        var items: [Item] = []
        while index < bytes.count {
            let count = Int(integer(2))
            let text = Array(bytes[index..<index + count])
            index += count
            items.append(Item(text: text, smallDigest: integer(4), gpt2Digest: integer(4)))
        }
        self.items = items
    }

    /// FNV-1a over the ids' little-endian bytes, as the fixture's script computes it.
    static func digest(_ ids: [Int32]) -> UInt32 {
        var value: UInt32 = 0x811C_9DC5
        for id in ids {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                value = (value ^ UInt32(bitPattern: id) >> shift & 0xFF) &* 0x0100_0193
            }
        }
        return value
    }
}
