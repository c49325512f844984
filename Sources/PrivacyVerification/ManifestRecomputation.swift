import DifferentialPrivacy
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
        let wholeCorpus = wholeCorpus(event)
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
                event: wholeCorpus,
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
        if let probe = manifest.mechanism.labelProbe, let share = probe.guarantee {
            claims.append(
                Claim(
                    guarantee: share,
                    event: .repeated(
                        .gaussian(noiseMultiplier: probe.noiseMultiplier),
                        count: probe.stepsSpent
                    ),
                    problem: "the label probe's epsilon does not follow from its steps"
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

    /// The same releases on the whole corpus instead of random samples; the event where it is invalid.
    private static func wholeCorpus(_ event: PrivacyEvent) -> PrivacyEvent {
        guard let releases = try? NoisyRelease.all(in: event) else { return event }
        return .composed(
            releases.map { release in
                let whole: PrivacyEvent =
                    release.range.map { .exponential(range: $0) }
                    ?? .gaussian(noiseMultiplier: release.noiseMultiplier)
                return .repeated(whole, count: release.count)
            }
        )
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

    private static func isValid(
        _ group: PrivacyGuarantee,
        _ size: Int,
        _ event: PrivacyEvent
    ) -> Bool {
        (try? GroupRecomputation(event, size: size))?.confirms(group) == true
    }

    private static func meanShiftProblems(
        _ statement: PrivacyStatement,
        _ event: PrivacyEvent
    ) -> [String] {
        guard let releases = try? NoisyRelease.all(in: event),
            releases.allSatisfy({
                $0.samplingProbability == 1 && $0.noiseMultiplier > 0 && $0.range == nil
            })
        else {
            return statement.gaussianMu == nil ? [] : ["mu is stated for an event that has none"]
        }
        guard let stated = statement.gaussianMu else { return ["mu is missing"] }
        let square = releases.reduce(0) {
            $0 + Double($1.count) / ($1.noiseMultiplier * $1.noiseMultiplier)
        }
        let isClose = abs(stated - square.squareRoot()) <= 1e-9 * (1 + stated)
        return isClose ? [] : ["mu does not follow from the event"]
    }
}
