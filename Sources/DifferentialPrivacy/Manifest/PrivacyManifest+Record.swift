extension PrivacyManifest {
    /// States what a run's ledger says, with the parts that only its method knows.
    ///
    /// - Parameters:
    ///   - record: The ledger of the run, checked.
    ///   - runs: All ledgers on the same corpus, this one among them.
    ///   - protection: Who is protected.
    ///   - mechanism: How.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public init(
        record: LedgerRecord,
        runs: [LedgerRecord],
        protection: Protection,
        mechanism: Mechanism
    ) throws(PrivacyError) {
        let header = record.header
        let delta = header.budget.delta
        let event = record.spending.event
        let statement = try Self.statement(of: event, delta: delta)
        let total = try Self.total(of: runs, under: header)
        product = header.product
        method = header.method
        isPrivate = header.isPrivate
        epsilon = statement?.guarantee.epsilon ?? .infinity
        self.delta = delta
        self.protection = protection
        self.mechanism = mechanism
        spending = Spending(
            targetEpsilon: header.budget.epsilon,
            event: event,
            statement: statement
        )
        ledger = LedgerStatement(
            run: header.runIdentifier,
            position: record.position,
            isComplete: record.isFinished
        )
        corpus = total
        tuning = Self.tuning(of: header.method, runs: runs.count)
        randomness = Randomness(isInsecure: header.isInsecure, noiseKind: mechanism.noiseKind)
        audit = Self.auditText(nil, of: header.method)
        knownLimits = Self.limits(of: header.method)
        assumptions = Self.assumptions(of: header.method)
        warnings =
            (header.isPrivate ? [] : ["NOT PRIVATE: this release gives no guarantee."])
            + (header.isInsecure ? ["The randomness follows from --insecure-seed."] : [])
        files = []
    }

    private static func statement(
        of event: PrivacyEvent,
        delta: Double?
    ) throws(PrivacyError) -> PrivacyStatement? {
        guard let delta else { return nil }
        return try PrivacyStatement(of: event, delta: delta)
    }

    private static func total(
        of runs: [LedgerRecord],
        under header: LedgerHeader
    ) throws(PrivacyError) -> CorpusTotal {
        var spending = PrivacySpending()
        for run in runs { spending.merge(run.spending(by: header.unit)) }
        return CorpusTotal(
            runs: runs.count,
            event: spending.event,
            guarantee: try spending.guarantee(under: header.budget)
        )
    }
}
