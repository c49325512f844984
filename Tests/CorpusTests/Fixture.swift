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
