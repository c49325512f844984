import Corpus
import DifferentialPrivacy
import Foundation

/// The label values of each unit's records: private.
struct UnitLabels {
    /// The public bins.
    let bins: JointLabels
    /// The bins of the records of each unit.
    private let units: [[Int]]

    /// Finds the bins; a record with a value outside the set has none.
    init(_ units: [[[[UInt8]]]], among bins: JointLabels) {
        self.bins = bins
        self.units = units.map { $0.compactMap(bins.bin) }
    }

    /// The records by label, a unit counting as `recordLimit` records at most.
    func counts(recordLimit: Int) -> BoundedCounts {
        BoundedCounts(
            binCount: bins.count,
            sensitivity: recordLimit,
            units: units.lazy.map { bins in
                var unit = UnitContribution()
                for bin in bins { unit.add(UnitContribution.partsPerCount, to: bin) }
                return unit
            }
        )
    }
}

/// Noisy counts of records by label, released once within the budget of a run.
///
/// `label-counts.json` in the run folder: `[{"<column>": "<value>", …, "weight": <count>}, …]` over
/// all public combinations, as `sample --label-distribution` reads it. Negative counts are 0 there,
/// which is post-processing.
package struct LabelCountsRelease {
    /// The file's name in the run folder.
    package static let fileName = "label-counts.json"

    private let units: UnitLabels
    private let labels: LabelSet
    private let histogram: NoisyHistogram
    private let recordLimit: Int
    /// H(all that the counts depend on).
    private let environment: ContentDigest

    /// What the run's plan pays for; nil if it releases no counts.
    ///
    /// A user counts with as many records as are trained on, so that many counts can move.
    init?(
        _ units: UnitLabels,
        _ description: RunDescription,
        environment: RunEnvironment
    ) throws {
        let planned = description.plan.releases.first {
            $0.name == FineTuningPlan.labelCountsName
        }
        guard case .gaussian(let noise)? = planned?.event else { return nil }
        self.units = units
        labels = description.labels
        histogram = NoisyHistogram(noiseMultiplier: noise)
        recordLimit = description.plan.unit.recordLimit
        self.environment = try environment.digestForCounts()
    }

    /// Reserves the release, noises the counts and writes them; does nothing if they are there.
    ///
    /// Interrupted before the file is there, it is the same release again, at no further cost.
    func write(to folder: String, ledger: PrivacyLedger) throws {
        let files = SystemFiles()
        if try files.contents(of: folder + "/" + Self.fileName) != nil { return }
        let reservation = try ledger.reserve(
            release: FineTuningPlan.labelCountsName,
            event: histogram.event,
            state: ContentDigest(domain: "nothing", fields: []),
            environment: environment
        )
        let counts = histogram.release(units.counts(recordLimit: recordLimit), for: reservation)
        try files.writeWholeFile(Self.fileName, in: folder, json(counts))
    }

    private func json(_ counts: [Double]) throws -> [UInt8] {
        let rows = counts.indices.map { place -> [String: Any] in
            var row: [String: Any] = ["weight": max(counts[place], 0)]
            for (column, value) in zip(labels.columns, units.bins.values(of: place)) {
                row[column] = value
            }
            return row
        }
        return Array(
            try JSONSerialization.data(
                withJSONObject: rows,
                options: [.prettyPrinted, .sortedKeys]
            )
        )
    }
}
