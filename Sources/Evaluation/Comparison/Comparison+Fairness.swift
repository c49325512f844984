extension Comparison {
    /// How a method's guarantee differs from the others', and what is not stated.
    ///
    /// - Returns: Flags for what makes rows unequal, notes for what does not.
    func fairness(
        of source: RowSource,
        among sources: [RowSource]
    ) -> (flags: [String], notes: [String]) {
        guard source.reference == nil else { return ([], []) }
        let notes = subsampling(of: source)
        guard let claim = source.claim else { return (["no privacy guarantee is stated"], notes) }
        var flags: [String] = []
        if claim.source == .claimed {
            flags.append("the guarantee is the user's claim; no manifest confirms it")
        }
        if !claim.epsilon.isFinite { flags.append("NOT PRIVATE: ε is infinite") }
        let peers = peers(of: source, claim, among: sources)
        let differences = peers.flatMap { claim.differences(from: $0.claim, named: $0.name) }
        let accountants = peers.compactMap { claim.otherAccountant(than: $0.claim, named: $0.name) }
        return (
            flags + loneliness(of: source, claim, among: sources)
                + Self.unique(differences.map { "not at the same guarantee: \($0)" }),
            notes + Self.unique(accountants)
        )
    }

    /// How many of a row's texts are measured: equally many in every row, so nothing is unequal.
    private func subsampling(of source: RowSource) -> [String] {
        let (count, measured) = (source.features.texts.count, source.measured.count)
        guard count > measured else { return [] }
        return [
            "\(ReportNumber.count(count)) texts, of which \(ReportNumber.count(measured)) are drawn "
                + "for each seed, as many as the smallest set has"
        ]
    }

    /// What the other rows at the same budget claim, under the name a sentence gives them: another
    /// series stands for all its runs.
    private func peers(
        of source: RowSource,
        _ claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [(name: String, claim: PrivacyClaim)] {
        others(than: source, at: claim, among: sources).compactMap { other in
            other.claim.map { (other.series == source.series ? other.name : other.series, $0) }
        }
    }

    /// Says so when no other method spends as much: further runs of the same one do not count.
    private func loneliness(
        of source: RowSource,
        _ claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [String] {
        let isAlone = sources.count { $0.reference == nil } == 1
        let rivals = others(than: source, at: claim, among: sources)
        guard !isAlone, rivals.allSatisfy({ $0.series == source.series }) else { return [] }
        return [
            "no other method is given at ε = \(ReportNumber.epsilon(claim.epsilon)): nothing here "
                + "is at the same guarantee"
        ]
    }

    private func others(
        than source: RowSource,
        at claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [RowSource] {
        let methods = sources.filter { $0.reference == nil }
        let budgets = PrivacyBudgets(methods.compactMap(\.claim))
        return methods.filter { other in
            other.name != source.name
                && other.claim.map { budgets.level(of: $0) == budgets.level(of: claim) } ?? false
        }
    }

    private static func unique(_ sentences: [String]) -> [String] {
        var seen: Set<String> = []
        return sentences.filter { seen.insert($0).inserted }
    }
}
