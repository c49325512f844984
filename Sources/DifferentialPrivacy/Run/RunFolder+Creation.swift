import Glibc

extension RunFolder {
    /// Makes the folder with its secret, its ledger and whatever `populate` adds.
    ///
    /// Everything in it is durable before it appears, and its appearance is durable on return. A
    /// run that was being made when its process was killed leaves a hidden folder in which nothing
    /// was ever spent; the next attempt removes it.
    ///
    /// - Parameters:
    ///   - secret: The source of the run's randomness.
    ///   - header: The ledger's first line.
    ///   - epsilon: Bounds the cost of an event; the plan's is checked before anything is made.
    ///   - witness: A file elsewhere that is to remember every entry of the ledger.
    ///   - populate: Writes further files of the run into the folder whose path it gets.
    /// - Returns: The ledger, locked and ready.
    /// - Throws: `LedgerError`: `alreadyExists`, `hiddenName`, `busy`, `targetExceeded`, `fileFailed`;
    ///   and what `populate` throws, which is called while no other run can be made here. Then nothing
    ///   is left behind. If only the witness fails, the run is there and can be resumed.
    public func create(
        secret: RunSecret,
        header: LedgerHeader,
        epsilon: @escaping PrivacyLedger.EpsilonBound = PrivacyLedger.bestBound,
        witness: LedgerWitnessFile? = nil,
        populate: (String) throws -> Void = { _ in }
    ) throws -> PrivacyLedger {
        guard secret.isInsecure == header.isInsecure else {
            throw LedgerError.unusableSecret(
                path: secretPath,
                reason: "secret and header differ about an insecure seed"
            )
        }
        try requireVisibleName()
        try checkTarget(header, epsilon)
        let guardian = try files.openFolder(parent)
        guard try lockSoon(guardian) else { throw LedgerError.busy(path: parent) }
        guard try isVacant() else { throw LedgerError.alreadyExists(path: path) }
        if try files.names(in: stagingPath) != nil { try files.removeFolder(stagingPath) }
        let ledger: PrivacyLedger
        do {
            ledger = try stage(
                secret: secret,
                header: header,
                epsilon: epsilon,
                witness: witness,
                populate: populate
            )
            try files.rename(stagingPath, to: path)
            try files.synchronize(guardian)
        } catch {
            if (try? files.names(in: stagingPath)) != nil { try? files.removeFolder(stagingPath) }
            throw error
        }
        try ledger.updateWitness()
        return ledger
    }

    private func stage(
        secret: RunSecret,
        header: LedgerHeader,
        epsilon: @escaping PrivacyLedger.EpsilonBound,
        witness: LedgerWitnessFile?,
        populate: (String) throws -> Void
    ) throws -> PrivacyLedger {
        try files.createFolder(stagingPath)
        try files.writeNewFile(stagingPath + "/" + Self.secretName, secret.fileContents)
        let file = try files.createFile(stagingPath + "/" + Self.ledgerName)
        guard try files.lock(file) else { throw LedgerError.busy(path: ledgerPath) }
        let (line, chain) = try LedgerChain().appending(.header(header))
        try files.append(line + [UInt8(ascii: "\n")], to: file)
        try files.synchronize(file)
        try populate(stagingPath)
        for name in try files.names(in: stagingPath) ?? [] {
            try files.synchronize(try files.openFile(stagingPath + "/" + name))
        }
        try files.synchronizeFolder(stagingPath)
        return PrivacyLedger(
            folder: self,
            file: file,
            record: LedgerRecord(header: header, chain: chain),
            secret: secret,
            epsilon: epsilon,
            witness: witness
        )
    }

    /// A plan that exceeds its target is refused before anything exists.
    private func checkTarget(
        _ header: LedgerHeader,
        _ epsilon: PrivacyLedger.EpsilonBound
    ) throws {
        guard case .limited(let target, let delta) = header.budget else { return }
        let bound = try epsilon(header.plannedEvent, delta)
        guard bound <= target else {
            throw LedgerError.targetExceeded(path: path, epsilon: bound, target: target)
        }
    }

    /// Takes the lock of the parent folder, which others hold only while they make a run.
    private func lockSoon(_ folder: borrowing OpenFile) throws(LedgerError) -> Bool {
        for _ in 0..<40 {
            if try files.lock(folder) { return true }
            usleep(25_000)
        }
        return false
    }
}
