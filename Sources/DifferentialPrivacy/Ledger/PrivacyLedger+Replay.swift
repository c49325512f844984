extension PrivacyLedger {
    /// Whether that step is recorded with these very inputs, so that computing it costs nothing.
    ///
    /// Nothing is recorded, and no randomness can be had from the answer.
    ///
    /// - Parameters: As for `reserve(step:of:state:environment:)`.
    /// - Throws: `LedgerError.finished` when the secret is gone.
    public func canReplay(
        step: Int,
        of plan: PrivacyPlan,
        state: ContentDigest,
        environment: ContentDigest
    ) throws(LedgerError) -> Bool {
        let key = try key(label: "step \(step)", state: state, environment: environment)
        return record.spending.contains(key.digest, plan.stepEvent)
    }

    /// Whether that many further steps, none of them a replay, stay within the target.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func hasRoom(forSteps count: Int, of plan: PrivacyPlan) throws(PrivacyError) -> Bool {
        guard case .limited(let target, let delta) = record.header.budget else { return true }
        let all =
            [record.spending.event, .repeated(plan.stepEvent, count: count)]
            + record.spending.outstanding(of: record.header.planned, besides: plan.stepEvent)
        return try Self.bestBound(.composed(all), delta) <= target
    }
}
