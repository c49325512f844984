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
        tuning = Self.tuning(runs: runs.count)
        randomness = Randomness(isInsecure: header.isInsecure, noiseKind: mechanism.noiseKind)
        knownLimits = Self.standardLimits
        assumptions = Self.standardAssumptions
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

    private static func tuning(runs: Int) -> String {
        let others =
            runs == 1
            ? "This is the only run on this corpus in its folder"
            : "\(runs) runs on this corpus are in its folder, and all of them count in the total"
        return others + ". Settings come from the recipe or from the user, were fixed before the"
            + " first step, and were not chosen by any program from private results. Runs elsewhere"
            + " that guided the choice would have to be added."
    }

    private static let standardLimits = [
        "Timing is outside the guarantee: whoever watches the machine learns about batch sizes.",
        "Floating point: the accountants' bounds are for exact Gaussian noise; levels of noise"
            + " differ in how closely it is approximated.",
        "Exact noise (level 2, --exact-noise) together with sampling: that the bounds, which are those"
            + " of the continuous Gaussian, hold for the discrete one on its fine grid is plausible but"
            + " not a published theorem; without sampling it is one.",
        "A record that many people know, or that appears in several units, is protected as one unit"
            + " each time, not as a fact.",
        "Training settings outside the mechanism, such as the learning rate, are public.",
    ]

    private static let standardAssumptions = [
        "Each unit is what the definition says: nobody has more records than the bound allows.",
        "The corpus was read under the same key folder each time; copies on other machines have"
            + " ledgers of their own and are not in the total.",
        "The base model, the tokenizer, the label values and the number of units are public or were"
            + " not taken from this corpus.",
        "The run's secret is deleted, and private diagnostics and the corpus stayed private.",
    ]
}
