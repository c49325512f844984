import Messages

/// A run that is there, read and not opened yet: nothing is locked or changed.
public struct BegunRun<Description: RunDescribing> {
    /// Where it is, and what watches over its spending.
    public let request: RunRequest
    /// What its ledger was begun with.
    public let header: LedgerHeader
    /// What it was begun with.
    public let description: Description

    /// Reads a run.
    ///
    /// What the description says counts only if the ledger knows it, which is read first.
    ///
    /// - Throws: `LedgerError`, `RunError.damagedDescription`.
    public init(_ request: RunRequest) throws {
        guard let record = try RunFolder(path: request.folder).record(checkedBy: .none) else {
            throw LedgerError.missing(path: request.folder)
        }
        self.request = request
        header = record.header
        description = try Description.read(from: request.folder, of: record.header)
    }

    /// Opens the run, if it is the one that is asked for.
    ///
    /// - Parameters:
    ///   - differences: What is asked for otherwise than the run has it.
    ///   - corpus: The files and columns given now.
    ///   - position: What the newest file of the run says about the ledger; nil if none says anything.
    /// - Returns: The run, its ledger locked.
    /// - Throws: `RunError.otherSettings`, `.otherCorpus`; `LedgerError`: `busy`, `doesNotCover`,
    ///   `corpusBudgetExceeded`, …. The run is then as it was.
    public func resume(
        _ differences: RunDifferences,
        corpus: CorpusFingerprint,
        covering position: LedgerPosition?
    ) throws -> RunLife<Description> {
        try require(differences, corpus)
        let runs = try request.admittedRuns(with: header)
        let opened = try RunFolder(path: request.folder).resume(
            covering: position,
            witness: request.witnessFile
        )
        guard let ledger = opened else { throw LedgerError.missing(path: request.folder) }
        // Another process may have replaced the run meanwhile.
        guard ledger.record.header == header else { throw LedgerError.busy(path: request.folder) }
        return RunLife(
            request: request,
            description: description,
            ledger: ledger,
            corpusRuns: runs
        )
    }

    private func require(_ differences: RunDifferences, _ corpus: CorpusFingerprint) throws {
        guard corpus.files == header.corpus.files else {
            throw RunError.otherCorpus(path: request.folder)
        }
        var differences = differences
        if corpus.columns != header.corpus.columns { differences.add("the choice of columns") }
        guard differences.isEmpty else {
            throw RunError.otherSettings(path: request.folder, differences: differences)
        }
    }
}
