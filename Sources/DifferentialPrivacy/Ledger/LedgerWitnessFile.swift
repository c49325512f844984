import FoundationEssentials
import Glibc

/// A file outside the folder of runs that remembers how far their ledgers had come.
///
/// A ledger that is cut back together with its checkpoints is whole in itself; only something that was
/// not cut back with it can tell. One line for every entry of every ledger that is written with it:
///
///     {"entries":7,"folder":"<key's id>","head":"<hash of entry 7>","name":"mail","run":"<id>"}
///
/// Nothing in it is private. It is appended to and never changed. What followed the last line feed was
/// being written when the process or machine stopped, and counts for nothing.
public struct LedgerWitnessFile: Sendable {
    private struct Line: Codable {
        let run: String
        let name: String
        let folder: ContentDigest?
        let entries: Int
        let head: ContentDigest

        var position: LedgerPosition { LedgerPosition(entries: entries, head: head) }
    }

    /// Where it is.
    public let path: String
    private let files: any FileOperations

    /// Names a file; nothing is read or written.
    public init(path: String) { self.init(path: path, files: SystemFiles()) }

    package init(path: String, files: any FileOperations) {
        self.path = path
        self.files = files
    }

    /// What it knows now, to hold ledgers against; a file that is not there knows nothing.
    ///
    /// - Throws: `LedgerError.broken` if a line is none of this file's, `.fileFailed`.
    public func witness() throws(LedgerError) -> LedgerWitness {
        let known = Dictionary(grouping: try lines(), by: \.run).mapValues { $0.map(\.position) }
        return LedgerWitness { _, record in
            known[record.header.runIdentifier]?.first { !record.covers($0) }
        }
    }

    /// Refuses a folder from which a run that has spent something is gone.
    ///
    /// - Throws: `LedgerError.missing`, `.broken`, and what reading ledgers throws.
    public func requireRuns(of directory: LedgerDirectory) throws(LedgerError) {
        guard let key = try directory.fingerprintKey()?.identifier else { return }
        let there = Set(try directory.records(checkedBy: .none).map(\.record.header.runIdentifier))
        let gone = try lines().first {
            $0.folder == key && $0.entries > 1 && !there.contains($0.run)
        }
        guard let gone else { return }
        throw .missing(path: RunFolder(path: directory.path + "/" + gone.name).ledgerPath)
    }

    /// Remembers where a ledger ends; the line is durable on return.
    func append(_ record: LedgerRecord, of folder: RunFolder) throws(LedgerError) {
        let file = try open()
        let line = Line(
            run: record.header.runIdentifier,
            name: String(folder.name),
            folder: record.header.texts?.key,
            entries: record.position.entries,
            head: record.position.head
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(line) else {
            throw .fileFailed(operation: "write", path: path, code: EINVAL)
        }
        // A line that was cut off is ended first, so that it spoils none.
        try files.append([Self.lineFeed] + Array(json) + [Self.lineFeed], to: file)
        try files.synchronize(file)
    }

    private static let lineFeed = UInt8(ascii: "\n")

    private func open() throws(LedgerError) -> OpenFile {
        do throws(LedgerError) { return try files.openFile(path) } catch .fileFailed(_, _, ENOENT) {
            let file = try files.createFile(path)
            try files.synchronizeFolder(RunFolder(path: path).parent)
            return file
        }
    }

    /// All whole lines; the remains of an append that was cut off are passed over.
    private func lines() throws(LedgerError) -> [Line] {
        guard let bytes = try files.contents(of: path) else { return [] }
        var found: [Line] = []
        let parts = bytes.split(separator: Self.lineFeed, omittingEmptySubsequences: false)
        for (index, part) in parts.dropLast().enumerated() where !part.isEmpty {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(part)) else {
                // Every append begins with a line feed: an empty line follows what was cut off.
                if part.first == UInt8(ascii: "{"), part.last != UInt8(ascii: "}") { continue }
                throw .broken(path: path, line: index + 1, reason: "it is no line of a witness")
            }
            found.append(line)
        }
        return found
    }
}

/// Other files of a run that know how far its ledger had come, such as its newest checkpoint.
///
/// A ledger alone cannot show that its end was cut off: every prefix of it is a valid chain.
public struct LedgerWitness: Sendable {
    private let uncovered: @Sendable (_ folder: String, _ record: LedgerRecord) -> LedgerPosition?

    /// A kind of files.
    ///
    /// - Parameter uncovered: Looks at the run in `folder`; returns a position that its files know
    ///   of and that `record` has not, nil if there is none. What cannot be read is no witness.
    public init(
        uncovered: @escaping @Sendable (_ folder: String, _ record: LedgerRecord) -> LedgerPosition?
    ) {
        self.uncovered = uncovered
    }

    /// No files: for ledgers without anything beside them.
    public static let none = LedgerWitness { _, _ in nil }

    /// The files of both kinds.
    public func and(_ other: LedgerWitness) -> LedgerWitness {
        LedgerWitness { uncovered($0, $1) ?? other.uncovered($0, $1) }
    }

    /// Holds a ledger against the files of its run.
    ///
    /// - Throws: `LedgerError.doesNotCover` if it was shortened or replaced.
    func check(_ record: LedgerRecord, of folder: RunFolder) throws(LedgerError) {
        guard let position = uncovered(folder.path, record) else { return }
        throw .doesNotCover(
            path: folder.ledgerPath,
            entries: record.position.entries,
            required: position.entries
        )
    }
}
