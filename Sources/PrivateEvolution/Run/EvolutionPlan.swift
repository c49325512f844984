package import DifferentialPrivacy

/// What an evolution does and what it costs, solved once and stored with the run.
package struct EvolutionPlan: Codable, Equatable, Sendable {
    /// What is done.
    package let settings: EvolutionSettings
    /// What is protected.
    package let unit: PrivacyUnit
    /// The target.
    package let budget: PrivacyBudget
    /// σ of every histogram in votes; 0 exactly if nothing is promised.
    package let noiseMultiplier: Double
    /// What proposes and embeds; nil in runs of versions that did not store it.
    package let sources: EvolutionSources?

    private enum CodingKeys: String, CodingKey {
        case settings, unit, budget, sources
        case noiseMultiplier = "noise_multiplier"
    }

    /// Solves for the least noise that keeps T votes, and class sizes if they are released, within
    /// the budget, by the exact Gaussian mechanism (Balle and Wang 2018, arXiv:1805.06530).
    ///
    /// - Parameters:
    ///   - settings: Validated here.
    ///   - unit: What is protected.
    ///   - budget: The target.
    ///   - unitCount: N, public: δ must be below 1/N.
    ///   - sources: What proposes and embeds.
    /// - Throws: `PrivateEvolutionError.invalidSetting`, `PrivacyError`.
    package init(
        settings: EvolutionSettings,
        unit: PrivacyUnit,
        budget: PrivacyBudget,
        unitCount: Int,
        sources: EvolutionSources? = nil
    ) throws {
        try settings.validate()
        self.sources = sources
        self.settings = settings
        self.unit = unit
        self.budget = budget
        try budget.validate(unitCount: max(unitCount, 1))
        switch budget {
        case .unlimited: noiseMultiplier = 0
        case .limited(let epsilon, let delta):
            noiseMultiplier = try NoiseCalibration(epsilon: epsilon, delta: delta)
                .gaussians(count: settings.releaseCount).noiseMultiplier
        }
    }

    /// The plan of the run in a folder, held to its ledger; nil if there is no evolution.
    ///
    /// - Parameters:
    ///   - folder: A folder of any kind.
    ///   - witness: What else of the run tells how far its ledger had come.
    /// - Returns: The plan; nil for a plain folder and for other runs.
    /// - Throws: `LedgerError`, `PrivateEvolutionError.damagedState`.
    package static func read(
        from folder: String,
        checkedBy witness: LedgerWitness
    ) throws -> EvolutionPlan? {
        let run = RunFolder(path: folder)
        // Asked before, as a folder without a ledger may be a plain model.
        guard try run.isRun(), let record = try run.record(checkedBy: witness),
            record.header.method == .evolve
        else { return nil }
        return try read(from: folder, of: record.header)
    }

    /// The plan that the ledger of the run in a folder was begun with.
    ///
    /// - Throws: `LedgerError.otherDescription` if the file was edited,
    ///   `PrivateEvolutionError.damagedState` if it is missing.
    package static func read(
        from folder: String,
        of header: LedgerHeader
    ) throws -> EvolutionPlan {
        let path = folder + "/" + EvolutionRun.planName
        guard let bytes = try SystemFiles().contents(of: path) else {
            throw PrivateEvolutionError.damagedState(path: path, reason: "the file is missing")
        }
        // What was compared is what is read.
        let plan = try EvolutionFolder.decode(Self.self, bytes, path: path)
        try header.requireDescription(bytes, at: path)
        guard plan.promise == LedgerPromise(header) else {
            throw LedgerError.otherDescription(path: path)
        }
        return plan
    }

    /// What one histogram costs.
    package var releaseEvent: PrivacyEvent {
        NoisyHistogram.event(noiseMultiplier: noiseMultiplier)
    }

    /// What the ledger's header promises.
    package var promise: LedgerPromise {
        LedgerPromise(
            unit: unit,
            relation: .addOrRemoveOne,
            budget: budget,
            planned: [PlannedSpending(event: releaseEvent, count: settings.releaseCount)]
        )
    }
}
