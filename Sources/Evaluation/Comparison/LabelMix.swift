import Foundation
import SeededRandomness

/// How often each value of a label column occurs in a set of texts.
struct LabelMix: Sendable, Equatable {
    /// Texts of each class, in class order.
    let counts: [Int]

    /// Counts the classes of `labels`; texts without one are left out.
    init(_ labels: some Sequence<Int?>, classCount: Int) {
        var counts = [Int](repeating: 0, count: classCount)
        for case let label? in labels where counts.indices.contains(label) { counts[label] += 1 }
        self.counts = counts
    }

    /// Texts that have a class.
    var total: Int { counts.reduce(0, +) }

    /// The share of each class, in [0, 1]; zeros for no texts.
    var shares: [Double] { counts.map { total == 0 ? 0 : Double($0) / Double(total) } }

    /// Total variation: the share of texts that would need another label to make the mixes equal.
    func distance(to other: LabelMix) -> Double {
        zip(shares, other.shares).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }

    /// Differences smaller than this change little, however certain they are.
    private static let smallest = 0.05

    /// Whether the mixes differ by at least 5 % of the texts, and by twice what drawing both from one
    /// mix would make them differ.
    ///
    /// The latter for normal counts: Σ √(2/π) · √(p (1 − p) (1/n + 1/m)) / 2 over classes.
    func differs(from other: LabelMix) -> Bool {
        guard total > 0, other.total > 0 else { return false }
        let all = Double(total + other.total)
        let inverse = 1 / Double(total) + 1 / Double(other.total)
        let expected = zip(counts, other.counts).reduce(0.0) { sum, counts in
            let share = Double(counts.0 + counts.1) / all
            return sum + (2 / Double.pi * share * (1 - share) * inverse).squareRoot() / 2
        }
        return distance(to: other) > max(Self.smallest, 2 * expected)
    }

    /// As many texts as `members` with this mix, as far as their classes go.
    ///
    /// Texts of a class that has too few are taken over and over, each about as often; of one that has
    /// too many some are left out by chance. A class without texts stays without.
    ///
    /// - Parameters:
    ///   - members: Places of texts, none twice.
    ///   - classes: The class of each text, −1 for none.
    ///   - seed: Which texts are left out or come once more.
    /// - Returns: Places, in class order.
    func resampled(_ members: [Int], classes: [Int], seed: UInt64) -> [Int] {
        var generator = SplitMix64(seed: seed, stream: 0x313)
        let ofClass = Dictionary(grouping: members) { classes[$0] }
        let wanted = counts.indices.filter { counts[$0] > 0 && ofClass[$0] != nil }
        let weight = wanted.reduce(0) { $0 + counts[$1] }
        guard weight > 0 else { return [] }
        return wanted.flatMap { label -> [Int] in
            let own = (ofClass[label] ?? []).shuffled(using: &generator)
            let exact = Double(members.count) * Double(counts[label]) / Double(weight)
            let count = max(1, Int(exact.rounded()))
            return (0..<count).map { own[$0 % own.count] }
        }
    }
}
