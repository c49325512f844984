#if DEBUG
import Synchronization

/// A defect planted on purpose, to show that the audit notices it.
///
/// It exists in debug builds alone: a release build has neither this type nor a place to put it.
/// One value serves one sequence of steps, as it counts what went into the present sum.
package final class PlantedFault: Sendable, Equatable {
    /// What is wrong.
    package enum Kind: CaseIterable, Sendable {
        /// The noise is 5 % too small.
        case lessNoise
        /// The bound that is clipped to is 5 % too large.
        case looseClipping
        /// Noise is scaled as if each of k micro-batches brought a k-th of it.
        case noisePerMicroBatch
        /// The sum is divided by the number of units that came.
        case realizedDivisor
        /// A step without units adds no noise.
        case emptyBatchSkipped
        /// A unit with a non-finite gradient is summed like any other.
        case nonFiniteUnits
        /// Norms leave out the inner product between the two uses of a tied parameter.
        case normsWithoutCrossTerms
        /// Norms are taken as computed, without a bound of what rounding adds where rows cancel.
        case normsWithoutErrorBounds
        /// What a unit adds depends on its place in its micro-batch, in the third digit.
        case dependsOnPlace
        /// Each record of a user is clipped to the bound that the user's records together have.
        case recordsClippedSingly
        /// The keys of a resumed run start again with those of the first step.
        case noiseReusedAfterResumption
        /// What a label probe reads of a text depends on the text beside it.
        case featuresOfBatchMates
        /// A label probe whitens by the features of private records.
        case whiteningByRecords
        /// A record is in the batches of two texts.
        case batchSharedByTexts
        /// The tokens that may come next are cut by the private prompts' logits.
        case candidatesOfRecords
        /// Keys do not depend on the parameters and moments before the step.
        case keyWithoutState
        /// Keys do not depend on the corpus, nor on how the step is computed.
        case keyWithoutEnvironment
    }

    /// The defect of every run in the present task, if one is planted.
    @TaskLocal package static var current: PlantedFault?

    private struct Counts {
        var units = 0
        var accumulations = 0
        var keys = 0
    }

    /// What is wrong.
    package let kind: Kind
    private let counts = Mutex(Counts())

    /// Plants a defect.
    package init(_ kind: Kind) { self.kind = kind }

    package static func == (left: PlantedFault, right: PlantedFault) -> Bool { left === right }

    /// The wrong factor for a unit; nil where the right one is used.
    func factor(_ squaredNorm: Double, _ maxGradNorm: Double?) -> Float? {
        counts.withLock { $0.units += 1 }
        switch kind {
        case .nonFiniteUnits where !squaredNorm.isFinite: return 1
        case .looseClipping:
            let loose = maxGradNorm.map { 1.05 * $0 }
            return ClippingFactors(maxGradNorm: loose).factor(squaredNorm: squaredNorm)
        default: return nil
        }
    }

    /// The wrong factors of a micro-batch's units.
    package func displace(_ factors: inout [Float]) {
        guard kind == .dependsOnPlace else { return }
        for place in factors.indices { factors[place] *= 1 + 0x1p-8 * Float(place) }
    }

    /// The wrong inputs of a key; one value serves one process's life of a run.
    package func changing(_ inputs: StepInputs) -> StepInputs {
        let nothing = ContentDigest(domain: "planted", fields: [])
        switch kind {
        case .noiseReusedAfterResumption:
            let number = counts.withLock { counts in
                defer { counts.keys += 1 }
                return counts.keys
            }
            return StepInputs(
                runIdentifier: inputs.runIdentifier,
                step: number,
                state: nothing,
                environment: inputs.environment
            )
        case .keyWithoutState:
            return StepInputs(
                runIdentifier: inputs.runIdentifier,
                label: inputs.label,
                state: nothing,
                environment: inputs.environment
            )
        case .keyWithoutEnvironment:
            return StepInputs(
                runIdentifier: inputs.runIdentifier,
                label: inputs.label,
                state: inputs.state,
                environment: nothing
            )
        default: return inputs
        }
    }

    /// Counts a micro-batch of the present sum.
    func countAccumulation() { counts.withLock { $0.accumulations += 1 } }

    /// The wrong mechanism for the present sum; the counts start again.
    func changing(_ mechanism: GaussianMechanism) -> GaussianMechanism {
        let counts = counts.withLock { counts in
            defer { counts = Counts(keys: counts.keys) }
            return counts
        }
        var noise = mechanism.noiseMultiplier
        var divisor = mechanism.expectedBatchSize
        switch kind {
        case .lessNoise: noise *= 0.95
        case .noisePerMicroBatch: noise /= Double(max(counts.accumulations, 1)).squareRoot()
        case .realizedDivisor: divisor = max(counts.units, 1)
        case .emptyBatchSkipped where counts.units == 0: noise = 0
        case .looseClipping, .emptyBatchSkipped, .nonFiniteUnits, .normsWithoutCrossTerms,
            .normsWithoutErrorBounds, .dependsOnPlace, .recordsClippedSingly, .featuresOfBatchMates,
            .whiteningByRecords, .batchSharedByTexts, .candidatesOfRecords,
            .noiseReusedAfterResumption, .keyWithoutState,
            .keyWithoutEnvironment:
            break
        }
        return GaussianMechanism(
            noiseMultiplier: noise,
            expectedBatchSize: divisor,
            relation: mechanism.relation,
            kind: mechanism.kind
        )
    }
}
#endif
