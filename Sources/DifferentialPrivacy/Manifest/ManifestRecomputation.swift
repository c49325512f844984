import Foundation
import Kernels

/// Every ε of a manifest, computed again by the independent path.
///
/// The figures are independent of each other, so threads share them; one that is stated twice, such
/// as the corpus' total of a single run, is computed once.
struct ManifestRecomputation {
    /// ε of the release; nil if nothing is promised.
    let main: IndependentRecomputation.Confirmation?
    let problems: [String]

    /// One stated ε: what it is said to follow from, and what to say if it does not.
    private struct Claim {
        let guarantee: PrivacyGuarantee
        let event: PrivacyEvent
        let problem: String
    }

    init(_ manifest: PrivacyManifest) {
        guard let statement = manifest.spending.statement else {
            main = nil
            problems = []
            return
        }
        let event = manifest.spending.event
        let claims = Self.claims(manifest, statement)
        let groups = PrivacyStatement.groupSizes.map { ($0, statement.groups[$0]) }
        let parallel = ParallelFor(threadCount: ProcessInfo.processInfo.activeProcessorCount)
        // Groups first: two arguments may have to be tried for each.
        let found = parallel.map(groups.count + claims.count) { item, _ -> Finding in
            guard item >= groups.count else {
                let (size, group) = groups[item]
                return .group(group.map { Self.isValid($0, size, event) } ?? false)
            }
            let claim = claims[item - groups.count]
            return .claim(try? IndependentRecomputation.confirm(claim.guarantee, of: claim.event))
        }
        main = found[groups.count].confirmation
        var problems = zip(claims, found[groups.count...]).compactMap { claim, finding in
            finding.confirmation?.agrees == true ? nil : claim.problem
        }
        problems += zip(groups, found).compactMap { group, finding in
            finding == .group(true)
                ? nil : "epsilon for \(group.0) units does not follow from the event"
        }
        if statement.profile.map(\.delta) != PrivacyStatement.profileDeltas {
            problems.append("the profile is not complete")
        }
        if statement.groups.keys.sorted() != PrivacyStatement.groupSizes {
            problems.append("the groups are not complete")
        }
        self.problems = problems + Self.meanShiftProblems(statement, event)
    }

    /// What one item of work found out.
    private enum Finding: Equatable {
        case claim(IndependentRecomputation.Confirmation?)
        case group(Bool)

        var confirmation: IndependentRecomputation.Confirmation? {
            guard case .claim(let confirmation) = self else { return nil }
            return confirmation
        }
    }

    /// The stated figures for one unit, the main one first and none twice.
    private static func claims(
        _ manifest: PrivacyManifest,
        _ statement: PrivacyStatement
    ) -> [Claim] {
        let event = manifest.spending.event
        var claims = [
            Claim(
                guarantee: statement.guarantee,
                event: event,
                problem: "epsilon does not follow from the event"
            )
        ]
        claims += statement.profile.map {
            Claim(
                guarantee: $0,
                event: event,
                problem: "epsilon at delta \($0.delta) does not follow from the event"
            )
        }
        claims.append(
            Claim(
                guarantee: statement.withoutAmplification,
                event: event.withoutAmplification,
                problem: "epsilon without amplification does not follow from the event"
            )
        )
        if let total = manifest.corpus.guarantee {
            claims.append(
                Claim(
                    guarantee: total,
                    event: manifest.corpus.event,
                    problem: "the corpus' total does not follow from its event"
                )
            )
        }
        claims += auditClaims(manifest)
        return claims.enumerated().compactMap { place, claim in
            let isKnown = claims[..<place].contains {
                $0.guarantee == claim.guarantee && $0.event == claim.event
            }
            return isKnown ? nil : claim
        }
    }

    /// The two ε of an audit, each of a single Gaussian.
    private static func auditClaims(_ manifest: PrivacyManifest) -> [Claim] {
        guard let audit = manifest.auditResult else { return [] }
        let figures = [
            (audit.claimedMu, audit.claimedEpsilon),
            (audit.lowerBoundOfMu, audit.lowerBoundOfEpsilon),
        ]
        return figures.filter { $0.0 > 0 }.map { mu, epsilon in
            Claim(
                guarantee: PrivacyGuarantee(
                    epsilon: epsilon,
                    delta: audit.delta,
                    accountant: .gaussian
                ),
                event: .gaussian(noiseMultiplier: 1 / mu),
                problem: "the audit's epsilon \(epsilon) does not follow from its mu"
            )
        }
    }

    /// Whether the reported ε bounds the true one of the group.
    ///
    /// Each release is the mixture over how many of the k units joined, which gives the truth where
    /// its inversion converges. Elsewhere one of two arguments must carry the figure. Either the
    /// chain: ε/k must hold for one unit at δ·(e^(ε/k) − 1)/(e^ε − 1). Or every release as the group
    /// sees it: q becomes 1 − (1 − q)^k, and σ becomes σ/k.
    private static func isValid(
        _ group: PrivacyGuarantee,
        _ size: Int,
        _ event: PrivacyEvent
    ) -> Bool {
        guard group.epsilon.isFinite else { return group.epsilon == .infinity }
        guard let releases = try? NoisyRelease.all(in: event) else { return false }
        let mixtures = releases.map { $0.seen(byGroupOf: size) }
        if releases.allSatisfy({ $0.noiseMultiplier > 0 }), !releases.isEmpty,
            let truth = PrivacyCurveInversion.epsilon(of: mixtures, delta: group.delta)
        {
            return truth <= group.epsilon * (1 + 1e-7) + 1e-9
        }
        let count = Double(size)
        let seen = releases.map { release in
            PrivacyEvent.repeated(
                .poissonSampled(
                    probability: 1 - pow(1 - release.samplingProbability, count),
                    .gaussian(noiseMultiplier: release.noiseMultiplier / count)
                ),
                count: release.count
            )
        }
        if holds(group.epsilon, at: group.delta, .composed(seen)) { return true }
        let single = group.epsilon / count
        let share = single > 1e-9 ? expm1(single) / expm1(group.epsilon) : 1 / count
        return share > 0 && holds(single, at: group.delta * share, event)
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
