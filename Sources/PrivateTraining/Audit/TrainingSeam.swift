import Autograd
import DifferentialPrivacy
import LabelProbe

/// Where tests of a debug build come into a training step, by the `PlantedFault` of the present task.
///
/// In a release build every function returns what it was given.
enum TrainingSeam {
    /// How norms are wrong.
    static var normDefects: NormDefects {
        var defects = NormDefects()
        #if DEBUG
        let fault = PlantedFault.current?.kind
        defects.omitsCrossTerms = fault == .normsWithoutCrossTerms
        defects.omitsErrorBounds = fault == .normsWithoutErrorBounds
        #endif
        return defects
    }

    /// The units that are clipped: a sample of a corpus, or each of its records as a unit of its own.
    static func units(
        _ sample: [Int],
        of corpus: PrivateCorpus
    ) -> (sample: [Int], corpus: PrivateCorpus) {
        #if DEBUG
        let records = sample.flatMap { corpus.units[$0] }
        guard PlantedFault.current?.kind == .recordsClippedSingly, records.count > sample.count
        else { return (sample, corpus) }
        let split = PrivateCorpus(
            units: records.map { [$0] },
            recordCount: records.count,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: corpus.microBatchSize
        )
        return (Array(records.indices), split)
        #else
        return (sample, corpus)
        #endif
    }

    /// The factors of a micro-batch's units.
    static func factors(_ right: [Float]) -> [Float] {
        #if DEBUG
        var factors = right
        PlantedFault.current?.displace(&factors)
        return factors
        #else
        return right
        #endif
    }

    /// The texts that a whitening is made of: those that were drawn, or those and the private records.
    static func whitened(_ drawn: [[Int32]], besides units: [[LabelledTokens]]) -> [[Int32]] {
        #if DEBUG
        guard PlantedFault.current?.kind == .whiteningByRecords else { return drawn }
        return drawn + units.joined().map(\.tokens)
        #else
        return drawn
        #endif
    }

    /// Runs one item of an audit with a defect of its own.
    ///
    /// Workers of a `ParallelFor` do not have the defect of the task that they work for.
    static func planting<Result>(
        _ audit: MechanismAudit,
        _ body: () throws -> Result
    ) rethrows -> Result {
        #if DEBUG
        guard let fault = audit.fault else { return try body() }
        return try PlantedFault.$current.withValue(PlantedFault(fault), operation: body)
        #else
        return try body()
        #endif
    }
}
