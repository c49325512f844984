package import DifferentialPrivacy
import Foundation
import Messages

/// What private prediction does and what it costs, solved once and stored with the run.
package struct PredictionPlan: Codable, Equatable, Sendable {
    /// What is done.
    package let settings: PredictionSettings
    /// The target.
    package let budget: PrivacyBudget
    /// N, public.
    package let unitCount: Int
    /// H(model, tokenizer, prompts).
    package let source: ContentDigest
    /// η of a token of clipped differences; ∞ if nothing is promised, nil for the other rules.
    package let range: Double?
    /// σ of a token of the other rules; 0 if nothing is promised.
    package let noiseMultiplier: Double?
    /// σ of the noisy class counts, in records; nil without them.
    package let countsNoise: Double?

    private enum CodingKeys: String, CodingKey {
        case settings, budget, source, range
        case unitCount = "unit_count"
        case noiseMultiplier = "noise_multiplier"
        case countsNoise = "counts_noise"
    }

    /// The part of ε that noisy class counts may cost alone.
    private static let countsShare = 0.1
    /// The largest part of the smallest class that a token may draw.
    static let largestSamplingProbability = 0.5

    /// Solves for the largest clip, or the least noise, that keeps all texts within the budget.
    ///
    /// - Parameters:
    ///   - settings: Validated here.
    ///   - budget: The target.
    ///   - unitCount: N, public: δ must be below 1/N.
    ///   - source: What predicts.
    /// - Throws: `PrivatePredictionError`, `PrivacyError`.
    package init(
        settings: PredictionSettings,
        budget: PrivacyBudget,
        unitCount: Int,
        source: ContentDigest
    ) throws {
        try settings.validate()
        try budget.validate(unitCount: max(unitCount, 1))
        self.settings = settings
        self.budget = budget
        self.unitCount = unitCount
        self.source = source
        let q = Self.samplingProbability(settings, unitCount)
        if settings.rule.samplesEachToken {
            let drawn = settings.prompts * settings.recordsPerPrompt
            guard q <= Self.largestSamplingProbability else {
                throw PrivatePredictionError.smallClass(probability: q, records: drawn)
            }
        } else {
            guard settings.count * settings.prompts <= unitCount else {
                throw PrivatePredictionError.tooManyTexts(
                    count: settings.count,
                    records: unitCount,
                    perText: settings.prompts
                )
            }
        }
        guard case .limited(let epsilon, let delta) = budget else {
            range = settings.rule.samplesEachToken ? nil : .infinity
            noiseMultiplier = settings.rule.samplesEachToken ? 0 : nil
            countsNoise = settings.releasesClassSizes ? 0 : nil
            return
        }
        countsNoise =
            settings.releasesClassSizes
            ? try NoiseCalibration(epsilon: Self.countsShare * epsilon, delta: delta)
                .gaussians(count: 1).noiseMultiplier : nil
        let counts = countsNoise.map { [NoisyHistogram.event(noiseMultiplier: $0)] } ?? []
        let solved = try NoiseCalibration(epsilon: epsilon, delta: delta).solve { noise in
            let round = Self.roundEvent(settings, samplingProbability: q, noise: noise)
            return .composed([.repeated(round, count: settings.rounds)] + counts)
        }
        range = settings.rule.samplesEachToken ? nil : 1 / solved.noiseMultiplier
        noiseMultiplier = settings.rule.samplesEachToken ? solved.noiseMultiplier : nil
    }

    /// q: the probability that a record of the smallest class joins a token; 1 without sampling.
    ///
    /// Larger classes are drawn with less, so that each draws P·M records; every class is accounted for
    /// with the largest.
    private static func samplingProbability(
        _ settings: PredictionSettings,
        _ unitCount: Int
    ) -> Double {
        guard settings.rule.samplesEachToken else { return 1 }
        let weights = settings.classWeights ?? Array(repeating: 1, count: settings.classCount)
        let total = weights.reduce(0, +)
        let least = weights.filter { $0 > 0 }.min() ?? 1
        let pool = Double(max(unitCount, 1)) * least / total
        return min(1, Double(settings.prompts * settings.recordsPerPrompt) / pool)
    }

    /// q as it is accounted.
    package var samplingProbability: Double { Self.samplingProbability(settings, unitCount) }

    private static func roundEvent(
        _ settings: PredictionSettings,
        samplingProbability: Double,
        noise: Double
    ) -> PrivacyEvent {
        guard noise > 0 else { return .nonPrivate }
        let tokens = settings.maximumNewTokens
        return settings.rule.samplesEachToken
            ? .training(
                noiseMultiplier: noise,
                samplingProbability: samplingProbability,
                steps: tokens
            ) : .exponentials(range: 1 / noise, count: tokens)
    }

    /// What one text of each class costs, or all texts of clipped differences together.
    package var roundEvent: PrivacyEvent {
        if let range, range < .infinity {
            return .exponentials(range: range, count: settings.maximumNewTokens)
        }
        return Self.roundEvent(
            settings,
            samplingProbability: samplingProbability,
            noise: noiseMultiplier ?? 0
        )
    }

    /// The mechanism of clipped differences.
    package var exponentialMechanism: ExponentialMechanism? {
        range.map {
            ExponentialMechanism(
                range: $0,
                batchSize: settings.prompts,
                temperature: settings.temperature
            )
        }
    }
}

extension PredictionPlan: RunDescribing {
    package static let method = RunMethod.fewshot

    package var promise: LedgerPromise {
        let texts = PlannedSpending(event: roundEvent, count: settings.rounds)
        let counts = countsNoise.map {
            PlannedSpending(event: NoisyHistogram.event(noiseMultiplier: $0), count: 1)
        }
        return LedgerPromise(
            unit: .record,
            relation: .addOrRemoveOne,
            budget: budget,
            planned: [texts] + (counts.map { [$0] } ?? [])
        )
    }

    package var truncationTokens: Int? { nil }

    package func fileContents() throws -> [UInt8] {
        Array(try JSONEncoder.spellingInfinity().encode(self))
    }

    package init(fileContents bytes: [UInt8], path: String) throws {
        guard
            let plan = try? JSONDecoder.spellingInfinity().decode(Self.self, from: Data(bytes))
        else {
            throw RunError.damagedDescription(path: path, problem: "it is not a prediction's plan")
        }
        self = plan
    }

    package func mechanism(
        _ record: LedgerRecord
    ) throws(PrivacyError) -> PrivacyManifest.Mechanism {
        let counts = record.releases.filter { $0.name == PrivatePrediction.countsName }
        return PrivacyManifest.Mechanism(
            PrivacyManifest.TokenChoices(
                rule: settings.rule.rawValue,
                tokensPerText: settings.maximumNewTokens,
                prompts: settings.prompts,
                range: range.flatMap { $0 < .infinity ? $0 : nil },
                clipping: exponentialMechanism.flatMap {
                    $0.clipping < .infinity ? $0.clipping : nil
                },
                temperature: range == nil ? nil : settings.temperature
            ),
            samplingProbability: samplingProbability,
            noiseMultiplier: noiseMultiplier ?? 0,
            planned: settings.rounds,
            spent: record.releases.count - counts.count,
            otherReleases: counts
        )
    }
}

extension PredictionPlan {
    /// Everything that is asked for otherwise than the plan has it.
    func differences(
        from asked: PredictionSettings,
        _ budget: PrivacyBudget,
        source: ContentDigest
    ) -> RunDifferences {
        var found = RunDifferences()
        found.compare(.rule, asked: asked.rule.rawValue, stored: settings.rule.rawValue)
        found.compare(.count, asked: asked.count, stored: settings.count)
        found.compare(.prompts, asked: asked.prompts, stored: settings.prompts)
        found.compare(
            .recordsPerPrompt,
            asked: asked.recordsPerPrompt,
            stored: settings.recordsPerPrompt
        )
        found.compare(.publicTopK, asked: asked.publicTopK, stored: settings.publicTopK)
        found.compare(
            .maxNewTokens,
            asked: asked.maximumNewTokens,
            stored: settings.maximumNewTokens
        )
        found.compare(.temperature, asked: asked.temperature, stored: settings.temperature)
        found.compare(.epsilon, asked: budget.epsilon, stored: self.budget.epsilon)
        if budget.epsilon.isFinite {
            found.compare(.delta, asked: budget.delta, stored: self.budget.delta)
        }
        found.add(.labelDistribution, unless: asked.classWeights == settings.classWeights)
        if asked.classCount != settings.classCount { found.add("the label values") }
        if source != self.source { found.add("the model, or the instruction") }
        return found
    }
}
