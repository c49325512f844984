import DifferentialPrivacy

/// How many records each class is taken to have: stated, noisy, or all of them.
extension PrivatePrediction {
    /// N̂ of each class; public, or released under noise here.
    func classPools(ledger: PrivacyLedger) throws -> [Double] {
        let settings = plan.settings
        let total = Double(plan.unitCount)
        guard let noise = plan.countsNoise else {
            let weights = settings.classWeights ?? Array(repeating: 1, count: settings.classCount)
            let sum = weights.reduce(0, +)
            return weights.map { total * $0 / sum }
        }
        if let known = try folder.counts() {
            guard known.counts.count == settings.classCount else {
                throw PrivatePredictionError.damagedState(
                    path: folder.path,
                    reason: "its class counts are of other classes"
                )
            }
            return known.counts
        }
        let histogram = NoisyHistogram(noiseMultiplier: noise)
        let reservation = try ledger.reserve(
            release: Self.countsName,
            event: histogram.event,
            state: folder.digest(ofSizes: []),
            environment: environment
        )
        let units = records.indices.lazy.flatMap { index in
            let unit = Self.record(ofClass: index)
            return repeatElement(unit, count: records[index].count)
        }
        let counts = BoundedCounts(binCount: records.count, sensitivity: 1, units: units)
        let released = histogram.release(counts, for: reservation)
        try folder.write(
            PredictionFolder.Counts(counts: released, ledger: ledger.record.position)
        )
        return released
    }

    private static func record(ofClass index: Int) -> UnitContribution {
        var unit = UnitContribution()
        unit.add(UnitContribution.partsPerCount, to: index)
        return unit
    }
}
