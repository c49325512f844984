package import DifferentialPrivacy
import Foundation
package import LanguageModel
import Messages

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
    /// What proposes and embeds.
    package let sources: EvolutionSources

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
        sources: EvolutionSources
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

    /// What one histogram costs.
    package var releaseEvent: PrivacyEvent {
        NoisyHistogram.event(noiseMultiplier: noiseMultiplier)
    }
}

extension EvolutionPlan: RunDescribing {
    package static let method = RunMethod.evolve

    package var promise: LedgerPromise {
        LedgerPromise(
            unit: unit,
            relation: .addOrRemoveOne,
            budget: budget,
            planned: [PlannedSpending(event: releaseEvent, count: settings.releaseCount)]
        )
    }

    package var truncationTokens: Int? { nil }

    package func fileContents() throws -> [UInt8] { try EvolutionFolder.encode(self) }

    package init(fileContents bytes: [UInt8], path: String) throws {
        guard
            let plan = try? JSONDecoder.spellingInfinity().decode(Self.self, from: Data(bytes))
        else {
            throw RunError.damagedDescription(path: path, problem: "it is not an evolution's plan")
        }
        self = plan
    }

    package func mechanism(
        _ record: LedgerRecord
    ) throws(PrivacyError) -> PrivacyManifest.Mechanism {
        PrivacyManifest.Mechanism(
            histograms: record.releases.count,
            planned: settings.releaseCount,
            noiseMultiplier: noiseMultiplier
        )
    }
}

extension EvolutionPlan {
    /// Everything that is asked for otherwise than the plan has it.
    func differences(
        from asked: EvolutionSettings,
        _ budget: PrivacyBudget,
        _ unit: PrivacyUnit,
        _ sources: EvolutionSources
    ) -> RunDifferences {
        var found = settingDifferences(from: asked)
        found.compare(.epsilon, asked: budget.epsilon, stored: self.budget.epsilon)
        if budget.epsilon.isFinite {
            found.compare(.delta, asked: budget.delta, stored: self.budget.delta)
        }
        if case .user(let asked) = unit, case .user(let stored) = self.unit {
            found.compare(.maxRecordsPerUser, asked: asked, stored: stored)
        } else if unit != self.unit {
            found.add("the column of users")
        }
        // A generator with another temperature is another one.
        if sources.generator != self.sources.generator,
            asked.temperature == settings.temperature
        {
            found.add(
                "what proposes texts (\(.model) or \(.endpoint), \(.prompts), \(.maxNewTokens),"
                    + " \(.temperature))"
            )
        }
        found.add(.embedding, unless: sources.embedder == self.sources.embedder)
        return found
    }

    private func settingDifferences(from asked: EvolutionSettings) -> RunDifferences {
        func temperature(_ settings: EvolutionSettings) -> String {
            settings.temperature.map { "\($0)" } ?? "the generator's own"
        }
        func degrees(_ settings: EvolutionSettings) -> String {
            "\(settings.degrees.first),\(settings.degrees.last)"
        }
        var found = RunDifferences()
        found.compare(.iterations, asked: asked.iterations, stored: settings.iterations)
        found.compare(.count, asked: asked.count, stored: settings.count)
        found.compare(.variations, asked: asked.variations, stored: settings.variations)
        found.compare(.lookahead, asked: asked.lookahead, stored: settings.lookahead)
        found.compare(.neighbors, asked: asked.neighborCount, stored: settings.neighborCount)
        found.compare(.countThreshold, asked: asked.threshold, stored: settings.threshold)
        found.compare(.selection, asked: asked.selection, stored: settings.selection)
        found.add(.parents, unless: asked.parents == settings.parents)
        found.compare(.variationDegrees, asked: degrees(asked), stored: degrees(settings))
        found.compare(.temperature, asked: temperature(asked), stored: temperature(settings))
        if asked.classes.count != settings.classes.count {
            found.add(Message(.labelValues))
        } else {
            found.add(.labelDistribution, unless: asked.classes == settings.classes)
        }
        if found.isEmpty, asked != settings { found.add("the settings of the evolution") }
        return found
    }
}

/// What proposes the texts of a run and what embeds them.
///
/// A run that goes on must have the same: its candidates would be of two kinds, and its records
/// would vote by two measures.
package struct EvolutionSources: Codable, Equatable, Sendable {
    /// H(model or endpoint, prompts, the longest text).
    package let generator: ContentDigest
    /// H(what embeds).
    package let embedder: ContentDigest
}

extension EvolutionSources {
    /// Names a generator and an embedder.
    package init(generator: some CandidateGenerator<String>, embedder: any TextEmbedder) {
        self.generator = ContentDigest(
            domain: "evolution-generator",
            fields: [("fingerprint", generator.fingerprint)]
        )
        self.embedder = ContentDigest(
            domain: "evolution-embedder",
            fields: [("fingerprint", embedder.fingerprint)]
        )
    }
}
