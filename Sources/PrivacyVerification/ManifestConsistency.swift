import DifferentialPrivacy

/// Whether the parts of a manifest that say the same thing twice agree.
///
/// Every sentence that follows from figures is made again from them. What follows from nothing else in
/// the file, such as the target, the build or a digest of the ledger, is a statement of whoever made the
/// release: a signature binds it, nothing else can.
struct ManifestConsistency {
    let problems: [String]

    init(_ manifest: PrivacyManifest) {
        problems =
            Self.promise(manifest) + Self.figures(manifest) + Self.event(manifest)
            + Self.corpus(manifest) + Self.sampling(manifest) + Self.ledger(manifest)
            + Self.files(manifest) + Self.sentences(manifest) + Self.audit(manifest)
            + Self.labelProbe(manifest)
    }

    private static func promise(_ manifest: PrivacyManifest) -> [String] {
        var problems: [String] = []
        let guarantee = manifest.guarantee
        if manifest.epsilon != guarantee?.epsilon ?? .infinity || manifest.delta != guarantee?.delta
        {
            problems.append("epsilon and delta are not those of the statement")
        }
        let isUnlimited = manifest.spending.targetEpsilon == .infinity
        if isUnlimited != (guarantee == nil) {
            problems.append("it has a target without a statement, or a statement without a target")
        }
        if manifest.isPrivate == (isUnlimited || manifest.randomness.isInsecure) {
            problems.append("whether it is private is not what target and randomness say")
        }
        if manifest.isPrivate == manifest.warnings.contains(where: { $0.hasPrefix("NOT PRIVATE") })
        {
            problems.append("whether it is private is not what its warnings say")
        }
        if !(manifest.epsilon <= manifest.spending.targetEpsilon) {
            problems.append("epsilon is above its target")
        }
        return problems
    }

    /// All figures but the profile are for one δ.
    private static func figures(_ manifest: PrivacyManifest) -> [String] {
        guard let statement = manifest.spending.statement else { return [] }
        var deltas = statement.groups.values.map(\.delta) + [statement.withoutAmplification.delta]
        if let total = manifest.corpus.guarantee { deltas.append(total.delta) }
        return deltas.allSatisfy { $0 == manifest.delta }
            ? [] : ["its figures are for different deltas"]
    }

    /// The event must be the releases that the mechanism describes, no more and no fewer.
    private static func event(_ manifest: PrivacyManifest) -> [String] {
        let mechanism = manifest.mechanism
        let step = step(of: mechanism)
        let described = PrivacyEvent.composed(
            [.repeated(step, count: mechanism.stepsSpent)] + mechanism.otherReleases.map(\.event)
                + (mechanism.labelProbe.map { [steps(of: $0)] } ?? [])
        )
        guard let expected = try? counts(of: described),
            let stated = try? counts(of: manifest.spending.event)
        else { return ["the event cannot be accounted for"] }
        return expected == stated ? [] : ["the event is not what the mechanism describes"]
    }

    private struct Kind: Hashable {
        let probability: Double
        let noise: Double
        let range: Double?
    }

    private static func counts(of event: PrivacyEvent) throws -> [Kind: Int] {
        var counts: [Kind: Int] = [:]
        for release in try NoisyRelease.all(in: event) {
            let kind = Kind(
                probability: release.samplingProbability,
                noise: release.noiseMultiplier,
                range: release.range
            )
            let (sum, overflow) = counts[kind, default: 0].addingReportingOverflow(release.count)
            guard !overflow else {
                throw PrivacyError.parameter(.steps, value: .infinity, allowed: "finite")
            }
            counts[kind] = sum
        }
        return counts
    }

    /// The total is that of this release and others on the same corpus.
    private static func corpus(_ manifest: PrivacyManifest) -> [String] {
        let corpus = manifest.corpus
        guard let own = try? counts(of: manifest.spending.event),
            let all = try? counts(of: corpus.event), corpus.runs >= 1
        else { return ["the corpus' total cannot be accounted for"] }
        if let guarantee = manifest.guarantee, !manifest.randomness.isInsecure {
            guard let total = corpus.guarantee else { return ["the corpus' total is missing"] }
            // Rounded differently, though the same.
            if !(total.epsilon >= guarantee.epsilon * (1 - 1e-3)) {
                return ["the corpus' total is less than this release"]
            }
        }
        if manifest.randomness.isInsecure {
            // A seeded run counts as without any guarantee.
            return all.keys.contains { $0.noise == 0 } ? [] : ["the corpus' total is too small"]
        }
        let isCovered = own.allSatisfy { all[$0.key, default: 0] >= $0.value }
        return isCovered && (corpus.runs > 1 || own == all)
            ? [] : ["the corpus' total is not that of its runs"]
    }

    private static func sampling(_ manifest: PrivacyManifest) -> [String] {
        let mechanism = manifest.mechanism
        var problems: [String] = []
        if mechanism.stepsSpent < mechanism.stepsPlanned,
            !manifest.warnings.contains(where: { $0.hasPrefix("Training stopped after") })
        {
            problems.append("fewer steps were spent than planned, and nothing says why")
        }
        if manifest.method == .fewshot || mechanism.tokenChoices != nil {
            return problems + prediction(manifest)
        }
        guard let divisor = mechanism.divisor else {
            let isWhole =
                manifest.method == .evolve && mechanism.samplingProbability == 1
                && mechanism.sampler == PrivacyManifest.Mechanism.wholeCorpusSampler
                && mechanism.unitCount == nil && mechanism.unitCountSource == nil
                && mechanism.optimizer == nil && mechanism.maxGradNorm == nil
            return problems + (isWhole ? [] : ["it is neither training nor votes"])
        }
        guard let unitCount = mechanism.unitCount, unitCount > 0 else {
            return problems + ["the number of units is missing"]
        }
        if mechanism.samplingProbability != Double(divisor) / Double(unitCount) {
            problems.append("the sampling probability is not the divisor over the number of units")
        }
        if manifest.method != .finetune
            || mechanism.sampler != PrivacyManifest.Mechanism.poissonSampler
            || mechanism.optimizer != PrivacyManifest.Mechanism.adamW
            || (mechanism.noiseMultiplier > 0 && !((mechanism.maxGradNorm ?? 0) > 0))
        {
            problems.append("what it says of training is not what training does")
        }
        let isCounted = manifest.warnings.contains {
            $0.hasPrefix("The number of \(manifest.protection.unit.name)s, \(unitCount),")
        }
        if mechanism.unitCountSource != (isCounted ? "corpus" : "given") {
            problems.append("where the number of units comes from is not what its warnings say")
        }
        return problems
    }

    private static func ledger(_ manifest: PrivacyManifest) -> [String] {
        let ledger = manifest.ledger
        var problems: [String] = []
        if !ledger.isComplete { problems.append("its run was not finished") }
        // The first line, every release, the last line.
        let mechanism = manifest.mechanism
        let least =
            2 + mechanism.stepsSpent + mechanism.otherReleases.count
            + (mechanism.labelProbe?.stepsSpent ?? 0)
        if ledger.position.entries < least || ledger.position.head == ledger.header {
            problems.append("its ledger is too short for what was spent")
        }
        if !isHexadecimal(ledger.run, count: 32) { problems.append("its run has no name") }
        return problems
    }

    private static func isHexadecimal(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func files(_ manifest: PrivacyManifest) -> [String] {
        let names = manifest.files.map(\.name)
        let needed =
            switch manifest.method {
            case .finetune: ["config.json", "model.safetensors"]
            case .evolve, .fewshot: ["synthetic.csv"]
            }
        var problems: [String] = []
        if Set(names).count != names.count { problems.append("it lists a file twice") }
        problems += needed.filter { !names.contains($0) }.map { "it does not list \($0)" }
        return problems
    }

    /// Sentences that follow from the method and the figures.
    private static func sentences(_ manifest: PrivacyManifest) -> [String] {
        let protection = manifest.protection
        let expected = PrivacyManifest.Protection(
            of: manifest.method,
            unit: protection.unit,
            relation: protection.relation,
            truncationTokens: protection.truncationTokens
        )
        var wrong: [String] = []
        if expected != protection { wrong.append("who is protected") }
        let randomness = PrivacyManifest.Randomness(
            isInsecure: manifest.randomness.isInsecure,
            noiseKind: manifest.mechanism.noiseKind
        )
        if randomness != manifest.randomness { wrong.append("randomness") }
        if manifest.tuning
            != PrivacyManifest.tuning(of: manifest.method, runs: manifest.corpus.runs)
        {
            wrong.append("how settings were chosen")
        }
        if manifest.knownLimits != PrivacyManifest.limits(of: manifest.method)
            || manifest.assumptions != PrivacyManifest.assumptions(of: manifest.method)
        {
            wrong.append("limits and assumptions")
        }
        if manifest.spending.method != AccountingMethod.statement
            || manifest.spending.rounding != PrivacyManifest.Spending.roundsUpwards
        {
            wrong.append("accounting")
        }
        if manifest.sampling != PrivacyManifest.sampling(of: manifest.method) {
            wrong.append("drawing text")
        }
        if manifest.baseModel != expectedBase(manifest) { wrong.append("the base model") }
        return wrong.map { "what it says of \($0) is not what this product states" }
    }

    /// The base model as the product states one; nil if training has none, or votes have one.
    private static func expectedBase(_ manifest: PrivacyManifest) -> PrivacyManifest.BaseModel? {
        guard manifest.method == .finetune, let base = manifest.baseModel,
            isHexadecimal(base.sha256, count: 64)
        else { return nil }
        return PrivacyManifest.BaseModel(sha256: base.sha256, name: base.name)
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
        if manifest.audit != PrivacyManifest.auditText(manifest.auditResult, of: manifest.method) {
            problems.append("what it says of an audit is not what the audit found")
        }
        return problems
    }
}
