import SeededRandomness

/// The real texts that classifiers of one label column are tested on.
struct ClassifierTest: Sendable {
    let counts: SparseRows
    /// The class of each text.
    let labels: [Int]
    let classCount: Int

    /// Takes the texts `members` that have a class in `classes`.
    init(features: TextFeatures, classes: [Int?], members: [Int], classCount: Int) {
        let kept = members.filter { classes[$0] != nil }
        counts = HashedNGrams.counts(of: kept.map { features.folded[$0] })
        labels = kept.compactMap { classes[$0] }
        self.classCount = classCount
    }

    /// The class that most texts have; the first of equals.
    var majority: Int {
        var sizes = [Int](repeating: 0, count: max(classCount, 1))
        for label in labels { sizes[label] += 1 }
        var best = 0
        for index in sizes.indices where sizes[index] > sizes[best] { best = index }
        return best
    }

    /// The variances of accuracy and macro-F1 when the test texts are resampled 200 times.
    func variances(of predictions: [Int], seed: UInt64) -> (accuracy: Double, macroF1: Double) {
        guard !labels.isEmpty else { return (0, 0) }
        var generator = SplitMix64(seed: seed, stream: 0x7E57)
        let scores = (0..<200).map { _ in
            let members = labels.indices.map { _ in
                Int.random(in: 0..<labels.count, using: &generator)
            }
            return ClassificationScores(
                predicted: predictions,
                actual: labels,
                members: members,
                classCount: classCount
            )
        }
        return (Self.variance(scores.map(\.accuracy)), Self.variance(scores.map(\.macroF1)))
    }

    /// The unbiased variance; 0 for fewer than two values.
    static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
