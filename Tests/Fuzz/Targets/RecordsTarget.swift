import Corpus

/// The streaming readers of CSV, JSONL and TXT, and the reader of other systems' synthetic text.
///
/// The first byte of an input chooses the columns that are asked for.
struct RecordsTarget: FuzzTarget {
    static let name = "records"
    let format: String
    var fileName: String { "records." + format }
    let dictionary =
        [
            "\"", "\"\"", ",", "\n", "\r", "\r\n", "\0", "{", "}", "[", "]", ":", "\\u", "\\ud83d",
            "\\udc00", "\\", "text", "topic", "\"text\":", "\"topic\":", "1e99999", "-", "null",
            "true", " ", "é", "\u{FEFF}", "\u{2028}", "PE.TEXT", "clean_count", "x,y\n",
            "{\"text\":\"a\",\"topic\":\"b\"}\n", "[[[[[[[[",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]]

    func seeds() -> [[UInt8]] {
        let csv = "text,topic\r\nhello,a\r\n\"two\nlines, \"\"quoted\"\"\",b\r\nlast,a\r\n"
        let json =
            #"{"text":"hello","topic":"a"}"# + "\n"
            + #"{"topic":5.0,"text":"é\ud83d\ude00","more":[1,{"x":null}]}"# + "\n"
        let lines = "hello\nworld é\r\n\nlast"
        let text = format == "csv" ? csv : format == "jsonl" ? json : lines
        return [Array(text.utf8)]
    }

    func run(folder: String, bytes: [UInt8]) throws -> String {
        let path = folder + "/" + fileName
        let wanted = ColumnSelection(labels: format == "txt" ? [] : ["topic"])
        var outcomes: Set<String> = []
        var reader = try CorpusReader(paths: [path], columns: wanted, recordLimit: 2_000)
        var number = 0
        while let outcome = try reader.next() {
            number += 1
            switch outcome {
            case .bad(let bad):
                precondition(bad.number == number, "a record was not counted")
                outcomes.insert(bad.reason.rawValue)
            case .record(let record):
                precondition(record.number == number, "a record was not counted")
                precondition(!record.text.isEmpty, "an empty text was accepted")
                precondition(isUTF8(record.text) && record.labels.allSatisfy(isUTF8))
                precondition(record.labels.count == wanted.labels.count)
                outcomes.insert("record")
            }
            precondition(number <= bytes.count, "more records than bytes")
        }
        let synthetic = try SyntheticTextReader.read(path: path, columns: wanted)
        precondition(synthetic.items.allSatisfy { !$0.text.isEmpty && isUTF8($0.text) })
        return outcomes.sorted().joined(separator: " ")
    }

    private func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }
}
