import DifferentialPrivacy

/// What a manifest says of texts that private prompts chose.
extension ManifestConsistency {
    /// One step, vote or text as the mechanism describes it.
    static func step(of mechanism: PrivacyManifest.Mechanism) -> PrivacyEvent {
        let sampled = PrivacyEvent.poissonSampled(
            probability: mechanism.samplingProbability,
            .gaussian(noiseMultiplier: mechanism.noiseMultiplier)
        )
        if let choices = mechanism.tokenChoices {
            let token = choices.isDrawn ? choices.range.map(PrivacyEvent.exponential) : sampled
            guard let token, choices.isDrawn || mechanism.noiseMultiplier > 0 else {
                return .nonPrivate
            }
            return .repeated(token, count: choices.tokensPerText)
        }
        guard mechanism.noiseMultiplier > 0 else { return .nonPrivate }
        return mechanism.divisor == nil
            ? .gaussian(noiseMultiplier: mechanism.noiseMultiplier) : sampled
    }

    /// What a private prediction says of its texts.
    static func prediction(_ manifest: PrivacyManifest) -> [String] {
        let mechanism = manifest.mechanism
        guard manifest.method == .fewshot, let choices = mechanism.tokenChoices,
            mechanism.divisor == nil, mechanism.optimizer == nil, mechanism.labelProbe == nil
        else { return ["it is no private prediction"] }
        let sampler =
            choices.isDrawn
            ? PrivacyManifest.Mechanism.disjointBatches
            : PrivacyManifest.Mechanism.sampledPrompts
        var problems: [String] = []
        if mechanism.sampler != sampler || (choices.rule == "clipped-difference") != choices.isDrawn
        {
            problems.append("what it says of sampling is not what its rule does")
        }
        if choices.isDrawn {
            // The clip is rounded down to parts of 2⁻²⁰ nats, the divisor up.
            let expected = choices.range.map {
                $0 * Double(choices.prompts) * (choices.temperature ?? 1) / 2
            }
            let isClose = abs((choices.clipping ?? 0) - (expected ?? 0)) < 1e-4
            if mechanism.samplingProbability != 1 || mechanism.noiseMultiplier != 0 || !isClose {
                problems.append("its clip, divisor and temperature do not give its range")
            }
        }
        return problems
    }
}
