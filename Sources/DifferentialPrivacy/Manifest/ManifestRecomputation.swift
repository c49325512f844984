import Foundation

/// Every ε of a manifest, computed again by the independent path.
struct ManifestRecomputation {
    /// ε of the release; nil if nothing is promised.
    let main: IndependentRecomputation.Confirmation?
    let problems: [String]

    init(_ manifest: PrivacyManifest) {
        guard let statement = manifest.spending.statement else {
            main = nil
            problems = []
            return
        }
        let event = manifest.spending.event
        var problems: [String] = []
        main = try? IndependentRecomputation.confirm(statement.guarantee, of: event)
        if main?.agrees != true { problems.append("epsilon does not follow from the event") }
        if statement.profile.map(\.delta) != PrivacyStatement.profileDeltas {
            problems.append("the profile is not complete")
        }
        for guarantee in statement.profile where !Self.confirms(guarantee, event) {
            problems.append("epsilon at delta \(guarantee.delta) does not follow from the event")
        }
        if !Self.confirms(statement.withoutAmplification, event.withoutAmplification) {
            problems.append("epsilon without amplification does not follow from the event")
        }
        problems += Self.groupProblems(statement, event)
        problems += Self.meanShiftProblems(statement, event)
        if let total = manifest.corpus.guarantee, !Self.confirms(total, manifest.corpus.event) {
            problems.append("the corpus' total does not follow from its event")
        }
        self.problems = problems
    }

    private static func confirms(_ guarantee: PrivacyGuarantee, _ event: PrivacyEvent) -> Bool {
        (try? IndependentRecomputation.confirm(guarantee, of: event))?.agrees ?? false
    }

    private static func groupProblems(
        _ statement: PrivacyStatement,
        _ event: PrivacyEvent
    ) -> [String] {
        guard statement.groups.keys.sorted() == PrivacyStatement.groupSizes else {
            return ["the groups are not complete"]
        }
        return PrivacyStatement.groupSizes.compactMap { size in
            guard let group = statement.groups[size], isValid(group, size, event) else {
                return "epsilon for \(size) units does not follow from the event"
            }
            return nil
        }
    }

    /// Whether one of the two arguments for groups carries the reported ε.
    ///
    /// Either the chain: ε/k must hold for one unit at δ·(e^(ε/k) − 1)/(e^ε − 1). Or every release
    /// as the group sees it: q becomes 1 − (1 − q)^k, and σ becomes σ/k.
    private static func isValid(
        _ group: PrivacyGuarantee,
        _ size: Int,
        _ event: PrivacyEvent
    ) -> Bool {
        guard group.epsilon.isFinite else { return group.epsilon == .infinity }
        let count = Double(size)
        let single = group.epsilon / count
        let share = single > 1e-9 ? expm1(single) / expm1(group.epsilon) : 1 / count
        if share > 0, holds(single, at: group.delta * share, event) { return true }
        guard let releases = try? NoisyRelease.all(in: event) else { return false }
        let seen = releases.map { release in
            PrivacyEvent.repeated(
                .poissonSampled(
                    probability: 1 - pow(1 - release.samplingProbability, count),
                    .gaussian(noiseMultiplier: release.noiseMultiplier / count)
                ),
                count: release.count
            )
        }
        return holds(group.epsilon, at: group.delta, .composed(seen))
    }

    /// Whether the true ε is at most the one given, within the rounding that is allowed elsewhere.
    private static func holds(_ epsilon: Double, at delta: Double, _ event: PrivacyEvent) -> Bool {
        let claim = PrivacyGuarantee(epsilon: epsilon, delta: delta, accountant: .pld)
        guard let found = try? IndependentRecomputation.confirm(claim, of: event) else {
            return false
        }
        return found.lowerBound <= epsilon * (1 + 1e-7) + 1e-9
    }

    private static func meanShiftProblems(
        _ statement: PrivacyStatement,
        _ event: PrivacyEvent
    ) -> [String] {
        guard let stated = statement.gaussianMu else { return [] }
        guard let releases = try? NoisyRelease.all(in: event),
            releases.allSatisfy({ $0.samplingProbability == 1 && $0.noiseMultiplier > 0 })
        else { return ["mu is stated for an event that has none"] }
        let square = releases.reduce(0) {
            $0 + Double($1.count) / ($1.noiseMultiplier * $1.noiseMultiplier)
        }
        let isClose = abs(stated - square.squareRoot()) <= 1e-9 * (1 + stated)
        return isClose ? [] : ["mu does not follow from the event"]
    }
}
