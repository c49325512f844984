/// Whether the parts of a manifest that say the same thing twice agree.
struct ManifestConsistency {
    let problems: [String]

    init(_ manifest: PrivacyManifest) {
        problems =
            Self.promise(manifest) + Self.event(manifest) + Self.sampling(manifest)
            + Self.audit(manifest)
    }

    private static func promise(_ manifest: PrivacyManifest) -> [String] {
        var problems: [String] = []
        let guarantee = manifest.guarantee
        if manifest.epsilon != guarantee?.epsilon ?? .infinity || manifest.delta != guarantee?.delta
        {
            problems.append("epsilon and delta are not those of the statement")
        }
        if guarantee == nil || manifest.randomness.isInsecure || manifest.epsilon == .infinity {
            if manifest.isPrivate { problems.append("it claims privacy without a guarantee") }
        }
        if !manifest.isPrivate, !manifest.warnings.contains(where: { $0.hasPrefix("NOT PRIVATE") })
        {
            problems.append("it does not say NOT PRIVATE")
        }
        if !(manifest.epsilon <= manifest.spending.targetEpsilon) {
            problems.append("epsilon is above its target")
        }
        if let total = manifest.corpus.guarantee, let guarantee {
            if !(total.epsilon >= guarantee.epsilon * (1 - 1e-3)) || manifest.corpus.runs < 1 {
                problems.append("the corpus' total is less than this release")
            }
        }
        return problems
    }

    /// An audit must be of this very build, and what is said of it must be what it found.
    private static func audit(_ manifest: PrivacyManifest) -> [String] {
        var problems: [String] = []
        if let audit = manifest.auditResult {
            let path = PrivacyManifest.fileName
            do throws(ManifestError) {
                try audit.require(product: manifest.product, build: manifest.build, path: path)
            } catch .refuted {
                problems.append("its audit refutes the claim")
            } catch { problems.append("its audit is of another build") }
            if audit.note != AuditStatement.standardNote {
                problems.append("it takes an audit for more than a lower bound")
            }
        }
        // Earlier versions said of every method what holds for training.
        let texts = [manifest.method, .finetune].map {
            PrivacyManifest.auditText(manifest.auditResult, of: $0)
        }
        if !texts.contains(manifest.audit) {
            problems.append("what it says of an audit is not what the audit found")
        }
        return problems
    }

    /// The event must be the releases that the mechanism describes, no more and no fewer.
    private static func event(_ manifest: PrivacyManifest) -> [String] {
        let mechanism = manifest.mechanism
        let step: PrivacyEvent =
            mechanism.noiseMultiplier == 0
            ? .nonPrivate
            : mechanism.divisor == nil
                ? .gaussian(noiseMultiplier: mechanism.noiseMultiplier)
                : .poissonSampled(
                    probability: mechanism.samplingProbability,
                    .gaussian(noiseMultiplier: mechanism.noiseMultiplier)
                )
        let described = PrivacyEvent.composed(
            [.repeated(step, count: mechanism.stepsSpent)] + mechanism.otherReleases.map(\.event)
        )
        guard let expected = try? counts(of: described),
            let stated = try? counts(of: manifest.spending.event)
        else { return ["the event cannot be accounted for"] }
        return expected == stated ? [] : ["the event is not what the mechanism describes"]
    }

    private struct Kind: Hashable {
        let probability: Double
        let noise: Double
    }

    private static func counts(of event: PrivacyEvent) throws -> [Kind: Int] {
        var counts: [Kind: Int] = [:]
        for release in try NoisyRelease.all(in: event) {
            let kind = Kind(
                probability: release.samplingProbability,
                noise: release.noiseMultiplier
            )
            counts[kind, default: 0] += release.count
        }
        return counts
    }

    private static func sampling(_ manifest: PrivacyManifest) -> [String] {
        let mechanism = manifest.mechanism
        guard let divisor = mechanism.divisor else { return [] }
        guard let unitCount = mechanism.unitCount, unitCount > 0 else {
            return ["the number of units is missing"]
        }
        if mechanism.samplingProbability != Double(divisor) / Double(unitCount) {
            return ["the sampling probability is not the divisor over the number of units"]
        }
        return []
    }
}
