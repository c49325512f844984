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
