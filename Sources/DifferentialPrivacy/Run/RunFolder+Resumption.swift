extension RunFolder {
    /// Opens the ledger of a run for writing; nil if the run is not there.
    ///
    /// - An append that was cut off is removed: its writer never went on.
    /// - All that is there is made durable again before it is relied on: a killed process may have
    ///   left lines that never reached the disk.
    /// - The secret of a finished run is removed, in case the process ended just before that.
    ///
    /// - Parameters:
    ///   - position: What the newest checkpoint says about the ledger, if there is one.
    ///   - epsilon: Bounds the cost of what goes beyond the plan.
    ///   - witness: A file elsewhere that knows how far the ledger had come, and goes on with it.
    /// - Returns: The ledger, locked and ready; that of a finished run records nothing more.
    /// - Throws: `busy` at once if another process writes; `missing`, `broken`, `doesNotCover`,
    ///   `unusableSecret`, `fileFailed`.
    public func resume(
        covering position: LedgerPosition?,
        epsilon: @escaping PrivacyLedger.EpsilonBound = PrivacyLedger.bestBound,
        witness: LedgerWitnessFile? = nil
    ) throws(LedgerError) -> PrivacyLedger? {
        guard try !isVacant() else { return nil }
        guard try files.contents(of: ledgerPath) != nil else { throw .missing(path: ledgerPath) }
        let file = try files.openFile(ledgerPath)
        guard try files.lock(file) else { throw .busy(path: ledgerPath) }
        let record = try repaired(file, covering: position)
        try witness?.witness().check(record, of: self)
        try files.synchronizeFolder(path)
        try files.synchronizeFolder(parent)
        let secret = try secret(for: record)
        let ledger = PrivacyLedger(
            folder: self,
            file: file,
            record: record,
            secret: secret,
            epsilon: epsilon,
            witness: witness
        )
        try ledger.updateWitness()
        return ledger
    }

    private func repaired(
        _ file: borrowing OpenFile,
        covering position: LedgerPosition?
    ) throws(LedgerError) -> LedgerRecord {
        guard let bytes = try files.contents(of: ledgerPath) else {
            throw .missing(path: ledgerPath)
        }
        let content = try LedgerFile(bytes, path: ledgerPath)
        if let position, !content.record.covers(position) {
            throw .doesNotCover(
                path: ledgerPath,
                entries: content.record.position.entries,
                required: position.entries
            )
        }
        if content.length < bytes.count { try files.truncate(file, to: content.length) }
        if content.lacksLineFeed { try files.append([UInt8(ascii: "\n")], to: file) }
        try files.synchronize(file)
        return content.record
    }

    private func secret(for record: LedgerRecord) throws(LedgerError) -> RunSecret? {
        let bytes = try files.contents(of: secretPath)
        if record.isFinished {
            try removeSecret()
            return nil
        }
        guard let bytes else {
            throw .unusableSecret(path: secretPath, reason: "the file is missing")
        }
        let secret = try RunSecret(fileContents: bytes, path: secretPath)
        guard secret.isInsecure == record.header.isInsecure else {
            throw .unusableSecret(path: secretPath, reason: "it belongs to another run")
        }
        return secret
    }

    /// Removes the secret, if it is still there.
    func removeSecret() throws(LedgerError) {
        guard try files.contents(of: secretPath) != nil else { return }
        try files.removeFile(secretPath)
        try files.synchronizeFolder(path)
    }
}
