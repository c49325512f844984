package import Kernels
package import LanguageModel

/// Whether synthetic texts lie nearer to the records that were trained on than to others of their kind.
///
/// An attacker who holds a record asks how near the nearest synthetic text is. If records that were
/// trained on are nearer than held-out ones, the answer tells members from others:
///
///     AUC = P(d(trained) < d(held out)) + P(d(trained) = d(held out)) / 2
///
/// with the variance of DeLong, DeLong and Clarke-Pearson (1988, *Biometrics* 44). An AUC of .5 is
/// chance. Distances are Euclidean between embeddings; the attack is that of *distance to closest record*.
/// The held-out records are the baseline: people repeat each other, so near is not leaked.
///
/// Internal only: not differentially private. It finds what is copied and proves nothing where it finds
/// nothing; the guarantee is what proves.
public struct MembershipCloseness: Sendable, Codable, Equatable {
    /// Area under the curve, in [0, 1].
    public let auc: Double
    /// Lower and upper end of a 95 % interval of it.
    public let interval: [Double]
    /// The share of trained records found where 1 % of the held-out ones are taken for trained.
    public let truePositiveRate: Double
    /// The median distance of trained records to their nearest synthetic text.
    public let trainingDistance: Double
    /// The same for held-out records.
    public let heldOutDistance: Double
    /// How many trained records were asked for.
    public let trainingRecords: Int
    /// How many held-out ones.
    public let heldOutRecords: Int

    enum CodingKeys: String, CodingKey {
        case auc
        case interval = "auc_interval"
        case truePositiveRate = "true_positive_rate_at_1_percent"
        case trainingDistance = "training_distance"
        case heldOutDistance = "held_out_distance"
        case trainingRecords = "training_records"
        case heldOutRecords = "held_out_records"
    }

    /// Measures; nil with fewer than two records on a side, or without synthetic texts.
    package init?(
        training: Embeddings,
        heldOut: Embeddings,
        synthetic: Embeddings,
        parallel: ParallelFor
    ) throws {
        guard synthetic.count > 0 else { return nil }
        let target = NearestNeighbors(among: synthetic)
        func distances(_ records: Embeddings) -> [Double] {
            target.nearest(to: records, parallel: parallel)
                .map { $0?.squaredDistance.squareRoot() ?? .infinity }
        }
        self.init(training: distances(training), heldOut: distances(heldOut))
    }

    /// From the distance of each record to its nearest synthetic text.
    init?(training: [Double], heldOut: [Double]) {
        guard training.count > 1, heldOut.count > 1 else { return nil }
        let (trained, held) = (training.sorted(), heldOut.sorted())
        // How many of the others are farther, ties half: the placements of DeLong's estimate.
        let placements = trained.map { 1 - Self.rank(of: $0, in: held) }
        let heldPlacements = held.map { Self.rank(of: $0, in: trained) }
        let mean = placements.reduce(0, +) / Double(placements.count)
        let variance =
            ClassifierTest.variance(placements) / Double(placements.count)
            + ClassifierTest.variance(heldPlacements) / Double(held.count)
        let reach = 1.96 * variance.squareRoot()
        auc = mean
        interval = [max(0, mean - reach), min(1, mean + reach)]
        let threshold = held[held.count / 100]
        truePositiveRate =
            Double(trained.count { $0 < threshold }) / Double(trained.count)
        trainingDistance = Self.median(trained)
        heldOutDistance = Self.median(held)
        trainingRecords = trained.count
        heldOutRecords = held.count
    }

    /// The share of `sorted` below `value`, those equal counting half.
    private static func rank(of value: Double, in sorted: [Double]) -> Double {
        let below = partition(sorted) { $0 < value }
        let upTo = partition(sorted) { $0 <= value }
        return Double(below + upTo) / 2 / Double(sorted.count)
    }

    /// How many values at the beginning fulfil a condition that none after them does.
    private static func partition(_ sorted: [Double], _ isBefore: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func median(_ sorted: [Double]) -> Double {
        (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
