import ArgumentParser
import Corpus
import Foundation

/// Encodes every line of a file and prints bytes, tokens and seconds of processor time as JSON.
@main
struct TokenizerBenchmark: ParsableCommand {
    @Argument(help: "Folder with vocab.json and merges.txt.")
    var tokenizer: String

    @Argument(help: "Text, one record a line.")
    var file: String

    func run() throws {
        let tokenizer = try BytePairTokenizer(folder: tokenizer)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let lines = bytes.split(separator: 0x0A).map(Array.init)
        let start = clock()
        let tokens = lines.reduce(0) { $0 + tokenizer.encode($1).count }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let size = lines.reduce(0) { $0 + $1.count }
        print("{\"bytes\": \(size), \"tokens\": \(tokens), \"seconds\": \(seconds)}")
    }
}
