extension PrivacyManifest {
    /// How the tokens of texts were chosen by private prompts; all of it fixed beforehand.
    public struct TokenChoices: Codable, Equatable, Sendable {
        /// "gaussian", "noisy-max" or "clipped-difference".
        public var rule: String
        /// T: the tokens that every text pays for.
        public var tokensPerText: Int
        /// P private prompts a token; for clipped differences B, the divisor.
        public var prompts: Int
        /// η of a choice of clipped differences; nil for the other rules, or without a promise.
        public var range: Double?
        /// C, in nats; nil likewise.
        public var clipping: Double?
        /// τ; nil for the other rules.
        public var temperature: Double?

        private enum CodingKeys: String, CodingKey {
            case rule, prompts, range, clipping, temperature
            case tokensPerText = "tokens_per_text"
        }

        /// States how tokens were chosen.
        package init(
            rule: String,
            tokensPerText: Int,
            prompts: Int,
            range: Double?,
            clipping: Double?,
            temperature: Double?
        ) {
            self.rule = rule
            self.tokensPerText = tokensPerText
            self.prompts = prompts
            self.range = range
            self.clipping = clipping
            self.temperature = temperature
        }

        /// Whether a token is drawn by clipped differences, or is the largest of noisy votes.
        package var isDrawn: Bool { temperature != nil }

        var sentence: String {
            guard isDrawn else {
                return
                    "Each token is the one with the most of \(prompts) disjoint prompts' votes"
                    + " (\(rule)), which one record moves by √2, under noise."
            }
            let bound = clipping.map { " clipped to \($0) nats," } ?? " not clipped,"
            return
                "Each token is drawn at temperature \(temperature ?? 1) by public logits plus the"
                + " records' differences to them,\(bound) divided by \(prompts)."
                + (range.map { " The losses of one choice span at most \($0)." } ?? "")
        }
    }
}

extension PrivacyManifest.Mechanism {
    /// What is said of batches that serve one text each, and of samples drawn for each token.
    package static let disjointBatches =
        "disjoint batches: each unit draws at most one batch by itself, and a batch serves one text"
    package static let sampledPrompts =
        "poisson: each unit joins each token's prompts independently with probability q"

    /// States the texts of private prediction.
    ///
    /// - Parameters:
    ///   - choices: How tokens were chosen.
    ///   - samplingProbability: q as it is accounted; 1 for disjoint batches.
    ///   - noiseMultiplier: σ of votes; 0 for choices that are drawn.
    ///   - planned: Rounds of texts planned; a round costs a unit what one text does.
    ///   - spent: Distinct rounds that the ledger holds.
    ///   - otherReleases: Noisy class counts.
    package init(
        _ choices: PrivacyManifest.TokenChoices,
        samplingProbability: Double,
        noiseMultiplier: Double,
        planned: Int,
        spent: Int,
        otherReleases: [PlannedRelease]
    ) {
        self.init(histograms: spent, planned: planned, noiseMultiplier: noiseMultiplier)
        sampler = choices.isDrawn ? Self.disjointBatches : Self.sampledPrompts
        self.samplingProbability = samplingProbability
        self.otherReleases = otherReleases
        tokenChoices = choices
    }
}
