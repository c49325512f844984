/// The bytes of a ledger file, taken apart.
struct LedgerFile {
    private static let lineFeed = UInt8(ascii: "\n")

    /// What the whole lines say.
    let record: LedgerRecord
    /// The length that these lines have in the file.
    let length: Int
    /// True if the last line is whole but for its line feed.
    let lacksLineFeed: Bool

    /// Reads and checks everything.
    ///
    /// What follows the last line feed was being appended when the process or the machine stopped;
    /// its writer never went on, so nothing of that release exists. It is not part of the record.
    ///
    /// | after the last line feed | taken as |
    /// | nothing                  | a complete ledger |
    /// | a whole line             | an entry that lacks its line feed: it counts |
    /// | a whole line and more    | damage: thrown |
    /// | anything else            | an append that was cut off: left out |
    init(_ bytes: [UInt8], path: String) throws(LedgerError) {
        var lines = bytes.split(separator: Self.lineFeed, omittingEmptySubsequences: false)
        let rest = lines.removeLast()
        var record: LedgerRecord?
        for (index, line) in lines.enumerated() {
            do throws(LedgerChain.Break) { try Self.accept(line, into: &record) } catch {
                throw .broken(path: path, line: index + 1, reason: error.reason)
            }
        }
        guard var record else { throw .broken(path: path, line: 1, reason: "there is no header") }
        lacksLineFeed = try Self.isWholeLine(rest, after: &record, path: path)
        length = lacksLineFeed ? bytes.count : bytes.count - rest.count
        self.record = record
    }

    private static func isWholeLine(
        _ rest: ArraySlice<UInt8>,
        after record: inout LedgerRecord,
        path: String
    ) throws(LedgerError) -> Bool {
        var tried: LedgerRecord? = record
        if (try? accept(rest, into: &tried)) != nil, let tried {
            record = tried
            return true
        }
        if (try? accept(rest.dropLast(), into: &tried)) != nil {
            throw .broken(
                path: path,
                line: record.chain.count + 1,
                reason: "its line feed was changed"
            )
        }
        return false
    }

    private static func accept(
        _ line: ArraySlice<UInt8>,
        into record: inout LedgerRecord?
    ) throws(LedgerChain.Break) {
        var chain = record?.chain ?? LedgerChain()
        let entry = try chain.accept(line)
        if record != nil {
            try record?.append(entry, chain: chain)
        } else {
            guard case .header(let header) = entry else {
                throw LedgerChain.Break(reason: "the first line is not a header")
            }
            guard header.schema == LedgerHeader.currentSchema else {
                throw LedgerChain.Break(reason: "schema \(header.schema) is unknown")
            }
            record = LedgerRecord(header: header, chain: chain)
        }
    }
}
