internal import Foundation

/// An event, validated and sorted into what accountants add up.
///
/// Gaussians without subsampling are merged exactly: noise multipliers σ₁, σ₂, … compose to one
/// Gaussian of mean shift μ = √(Σ 1/σᵢ²) at unit noise. Steps that reveal nothing are left out.
package struct EventComposition: Equatable, Sendable {
    /// Equal Poisson-subsampled Gaussian steps.
    package struct Steps: Equatable, Sendable {
        package let samplingProbability: Double
        package let noiseMultiplier: Double
        package var count: Int
    }

    /// Equal choices of bounded range.
    package struct Choices: Equatable, Sendable {
        package let range: Double
        package var count: Int
    }

    /// Choices of bounded range, each range once and above 0.
    package private(set) var choices: [Choices] = []
    /// Subsampled steps, each pair of parameters once; probabilities in (0, 1).
    package private(set) var sampled: [Steps] = []
    /// Σ 1/σ² over the releases without subsampling.
    package private(set) var squaredMeanShift = 0.0
    /// Whether some part has no guarantee at all.
    package private(set) var isNonPrivate = false

    /// Reads `event`; throws for parameters outside their ranges and for samples of samples that are not Gaussian.
    package init(_ event: PrivacyEvent) throws(PrivacyError) {
        try add(event, count: 1)
    }

    /// The noise multiplier of the one Gaussian that all full-batch releases amount to, if there are any.
    package var gaussianNoiseMultiplier: Double? {
        squaredMeanShift > 0 ? 1 / squaredMeanShift.squareRoot() : nil
    }

    /// Whether nothing about the corpus is revealed.
    package var isEmpty: Bool {
        sampled.isEmpty && choices.isEmpty && squaredMeanShift == 0 && !isNonPrivate
    }

    /// Whether all of it amounts to one Gaussian, whose curve is known exactly.
    package var isGaussian: Bool { sampled.isEmpty && choices.isEmpty }

    /// The groups of equal steps, the merged Gaussian last, as one step with probability 1.
    package var groups: [Steps] {
        guard let gaussianNoiseMultiplier else { return sampled }
        return sampled + [
            Steps(samplingProbability: 1, noiseMultiplier: gaussianNoiseMultiplier, count: 1)
        ]
    }

    private mutating func add(_ event: PrivacyEvent, count: Int) throws(PrivacyError) {
        switch event {
        case .nonPrivate:
            isNonPrivate = isNonPrivate || count > 0
        case .composed(let events):
            for event in events { try add(event, count: count) }
        case .repeated(let event, let inner):
            let (product, overflow) = count.multipliedReportingOverflow(by: inner)
            guard inner >= 0, !overflow, product <= Self.maxCount else {
                throw .parameter(
                    .steps,
                    value: Double(inner),
                    allowed: "in 0...\(Self.maxCount)"
                )
            }
            try add(event, count: product)
        case .gaussian(let noiseMultiplier):
            try add(Steps(samplingProbability: 1, noiseMultiplier: noiseMultiplier, count: count))
        case .exponential(let range):
            try addChoices(Choices(range: range, count: count))
        case .poissonSampled(let probability, let event):
            try addSample(of: event, probability: probability, count: count)
        }
    }

    /// More steps than this are a typing error.
    private static let maxCount = 1_000_000_000_000

    private mutating func addSample(
        of event: PrivacyEvent,
        probability: Double,
        count: Int
    ) throws(PrivacyError) {
        try PrivacyError.require(.samplingProbability, probability, in: 0...1, "in [0, 1]")
        let inner = try EventComposition(event)
        guard !inner.isNonPrivate else {
            isNonPrivate = isNonPrivate || (count > 0 && probability > 0)
            return
        }
        guard inner.choices.isEmpty else {
            throw .unsupported(
                accountant: .best,
                reason: "a choice of bounded range on a random sample"
            )
        }
        if let noiseMultiplier = inner.gaussianNoiseMultiplier, inner.sampled.isEmpty {
            try add(
                Steps(
                    samplingProbability: probability,
                    noiseMultiplier: noiseMultiplier,
                    count: count
                )
            )
        } else if let only = inner.sampled.first, inner.squaredMeanShift == 0,
            inner.sampled.count == 1, only.count == 1
        {
            // A sample of a sample is a sample with the product of the probabilities.
            try add(
                Steps(
                    samplingProbability: probability * only.samplingProbability,
                    noiseMultiplier: only.noiseMultiplier,
                    count: count
                )
            )
        } else if !inner.isEmpty {
            throw .unsupported(
                accountant: .best,
                reason: "several subsampled releases of one sample"
            )
        }
    }

    private mutating func addChoices(_ added: Choices) throws(PrivacyError) {
        try PrivacyError.require(
            .range,
            added.range,
            in: 0...Double.greatestFiniteMagnitude,
            "finite and at least 0"
        )
        guard added.count > 0, added.range > 0 else { return }
        if let place = choices.firstIndex(where: { $0.range == added.range }) {
            choices[place].count += added.count
        } else {
            choices.append(added)
        }
    }

    private mutating func add(_ steps: Steps) throws(PrivacyError) {
        try PrivacyError.require(
            .noiseMultiplier,
            steps.noiseMultiplier,
            in: 0...Double.greatestFiniteMagnitude,
            "finite and at least 0"
        )
        guard steps.count > 0, steps.samplingProbability > 0 else { return }
        let squaredShift = 1 / (steps.noiseMultiplier * steps.noiseMultiplier)
        guard squaredShift.isFinite else {
            isNonPrivate = true
            return
        }
        if steps.samplingProbability == 1 {
            squaredMeanShift += squaredShift * Double(steps.count)
            isNonPrivate = isNonPrivate || !squaredMeanShift.isFinite
        } else if let place = sampled.firstIndex(where: {
            $0.samplingProbability == steps.samplingProbability
                && $0.noiseMultiplier == steps.noiseMultiplier
        }) {
            sampled[place].count += steps.count
        } else {
            sampled.append(steps)
        }
    }
}

/// The answers that need no accountant.
package enum TrivialGuarantee {
    /// Epsilon if it follows from the extremes alone, else nil.
    ///
    /// | case | epsilon |
    /// |---|---|
    /// | delta negative, 1 or more, or NaN | throws |
    /// | nothing revealed (no steps, or q = 0) | 0 |
    /// | a release without noise | ∞ |
    /// | delta = 0 | ∞ |
    package static func epsilon(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> Double? {
        guard delta >= 0, delta < 1 else {
            throw .parameter(.delta, value: delta, allowed: "in [0, 1)")
        }
        if composition.isEmpty { return 0 }
        if composition.isNonPrivate || delta == 0 { return .infinity }
        return nil
    }
}
