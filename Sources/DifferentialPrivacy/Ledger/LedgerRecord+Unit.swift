extension LedgerRecord {
    /// What this run costs whoever counts in units of `unit`, an upper bound; see `LedgerHeader.cost`.
    public func spending(by unit: PrivacyUnit) -> PrivacySpending {
        spending.mapEvents { header.cost(of: $0, by: unit) }
    }
}

extension LedgerHeader {
    /// What a release of this run costs whoever counts in units of `unit`, an upper bound.
    ///
    /// | run | counted in records | counted in users |
    /// | --- | --- | --- |
    /// | with `--insecure-seed` | without any guarantee | without any guarantee |
    /// | unit is a record | as it is | without any guarantee: a user may have any number |
    /// | unit is a user | seen from one record, below | as it is |
    ///
    /// One record more or less changes what its user contributes from one vector of norm C to
    /// another. That is no added or removed user: the two may lie 2C apart, so σ counts half. Nor
    /// does the argument for sampling cover it; the release is bounded as if the user always took
    /// part (the sample, told as well, is the same for both corpora).
    func cost(of event: PrivacyEvent, by unit: PrivacyUnit) -> PrivacyEvent {
        guard !isInsecure else { return .nonPrivate }
        return switch (unit, self.unit) {
        case (.record, .record), (.user, .user): event
        case (.user, .record): .nonPrivate
        case (.record, .user): event.underReplacement
        }
    }

    /// What all that is planned costs whoever counts in units of `unit`.
    func plannedCost(by unit: PrivacyUnit) -> PrivacyEvent {
        .composed(planned.map { .repeated(cost(of: $0.event, by: unit), count: $0.count) })
    }
}

extension PrivacyEvent {
    /// An upper bound where a unit's contribution is another one, instead of there or not.
    fileprivate var underReplacement: PrivacyEvent {
        switch self {
        case .nonPrivate: self
        case .gaussian(let noise): .gaussian(noiseMultiplier: noise / 2)
        case .exponential(let range): .exponential(range: 2 * range)
        case .poissonSampled(_, let event): event.underReplacement
        case .repeated(let event, let count): .repeated(event.underReplacement, count: count)
        case .composed(let events): .composed(events.map(\.underReplacement))
        }
    }
}
