import DifferentialPrivacy

extension ManifestConsistency {
    /// What the steps of a label probe cost, as the manifest describes them.
    static func steps(of probe: PrivacyManifest.LabelProbe) -> PrivacyEvent {
        .repeated(
            probe.noiseMultiplier == 0
                ? .nonPrivate : .gaussian(noiseMultiplier: probe.noiseMultiplier),
            count: probe.stepsSpent
        )
    }

    /// Whether what is said of a label probe agrees with itself and with the training it belongs to.
    static func labelProbe(_ manifest: PrivacyManifest) -> [String] {
        guard let probe = manifest.mechanism.labelProbe else { return [] }
        var problems: [String] = []
        if manifest.method != .finetune || probe.sampler != PrivacyManifest.LabelProbe.wholeCorpus
            || probe.loss != PrivacyManifest.LabelProbe.crossEntropy
            || probe.features != PrivacyManifest.LabelProbe.frozenStates
        {
            problems.append("what it says of the label probe is not what this product states")
        }
        if probe.divisor != manifest.mechanism.unitCount {
            problems.append("the label probe's divisor is not the number of units")
        }
        if probe.guarantee?.delta != manifest.guarantee?.delta {
            problems.append("it does not say at its own delta what the label probe costs")
        }
        if !(probe.maxGradNorm > 0 && probe.maxGradNorm < .infinity)
            || !(probe.noiseMultiplier >= 0)
            || probe.stepsPlanned < 1 || probe.stepsSpent < 0
        {
            problems.append("the label probe's bound, noise or steps are out of range")
        }
        if probe.columns.isEmpty || Set(probe.columns).count != probe.columns.count {
            problems.append("the label probe labels no column, or one twice")
        }
        return problems
    }
}
