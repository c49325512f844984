extension PrivacyManifest {
    /// How the classifier of labels was trained: full-batch gradient descent, beside DP-SGD.
    public struct LabelProbe: Codable, Equatable, Sendable {
        /// Who takes part in a step.
        public var sampler = Self.wholeCorpus
        /// What is differentiated.
        public var loss = Self.crossEntropy
        /// What the classifier sees of a text.
        public var features = Self.frozenStates
        /// The columns that it labels.
        public var columns: [String]
        /// Steps planned, T.
        public var stepsPlanned: Int
        /// Distinct steps that the ledger holds; all of them count.
        public var stepsSpent: Int
        /// C, the bound on a unit's gradient norm in each step.
        public var maxGradNorm: Double
        /// σ of one step, the noise's standard deviation in units of the sensitivity.
        public var noiseMultiplier: Double
        /// What noised sums are divided by: the public number of units.
        public var divisor: Int
        /// What its steps cost by themselves, the share of ε that labels took; nil without a promise.
        public var guarantee: PrivacyGuarantee?

        /// What is said of sampling.
        package static let wholeCorpus = "whole corpus: every unit takes part in every step"
        /// What is said of the loss.
        package static let crossEntropy =
            "cross-entropy of every label column, summed; of a unit's records the mean, clipped jointly"
        /// What is said of the features.
        package static let frozenStates =
            "hidden states of the run's own final model, which is frozen: a middle layer and the last,"
            + " averaged over a text's tokens, centred and whitened by the run's own synthetic texts"

        private enum CodingKeys: String, CodingKey {
            case sampler, loss, features, columns, divisor, guarantee
            case stepsPlanned = "steps_planned"
            case stepsSpent = "steps_spent"
            case maxGradNorm = "max_grad_norm"
            case noiseMultiplier = "noise_multiplier"
        }

        /// States the steps of a probe.
        ///
        /// - Throws: `PrivacyError` if their ε cannot be bounded.
        package init(
            _ plan: FullBatchPlan,
            stepsSpent: Int,
            delta: Double?,
            columns: [String]
        ) throws(PrivacyError) {
            self.columns = columns
            stepsPlanned = plan.steps
            self.stepsSpent = stepsSpent
            maxGradNorm = plan.maxGradNorm
            noiseMultiplier = plan.noiseMultiplier
            divisor = plan.unitCount
            guarantee = nil
            if let delta {
                guarantee = try PrivacyAccounting.guarantee(
                    of: .repeated(plan.stepEvent, count: stepsSpent),
                    delta: delta
                )
            }
        }

        /// The same in words, for the page.
        var sentence: String {
            let share = guarantee.map {
                ", by itself ε = \(BoundText.roundedUp($0.epsilon)) at δ = \($0.delta)"
            }
            return
                "A classifier of \(columns.joined(separator: ", ")) was trained on \(features), by"
                + " \(stepsSpent) of \(stepsPlanned) planned steps on the whole corpus: gradients clipped"
                + " to L2 norm \(maxGradNorm), noise of σ = \(noiseMultiplier) sensitivities each, divided"
                + " by the public number of units \(divisor)\(share ?? "")."
        }
    }
}
