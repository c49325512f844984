/// What one unit adds to the bins of a histogram, in whole parts of 2⁻²⁴ counts; private.
///
/// Whole numbers add up exactly and in any order, so that taking one unit out of a sum changes it by
/// precisely what that unit contributed. Sums of fewer than 2²⁹ counts are exact in double precision.
public struct UnitContribution: Equatable, Sendable {
    /// How many parts make one count.
    public static let partsPerCount = 1 << 24

    /// The parts in each bin; no entry means none.
    private(set) var parts: [Int: Int] = [:]

    /// Nothing in any bin.
    public init() {}

    /// Adds parts of a count, at least 0, to a bin.
    public mutating func add(_ parts: Int, to bin: Int) {
        precondition(parts >= 0, "\(parts) parts; a contribution is not negative")
        self.parts[bin, default: 0] += parts
    }

    /// 1/√count of a count, rounded down: the share of each of `count` different bins.
    public static func share(among count: Int) -> Int {
        Int((Double(partsPerCount) / Double(count).squareRoot()).rounded(.down))
    }

    /// The contribution with an L2 norm of `norm` counts, as close as rounding down allows; nothing
    /// stays nothing.
    public func scaled(to norm: Int) -> UnitContribution {
        let bins = parts.keys.sorted()
        let squares = bins.reduce(0.0) { $0 + Double(self[$1]) * Double(self[$1]) }
        guard squares > 0 else { return self }
        var scaled = self
        // A hair below norm/‖parts‖, which takes up the rounding of norm and product; with very many
        // bins it may take a few hairs.
        var factor = Double(norm * Self.partsPerCount) / squares.squareRoot()
        repeat {
            factor *= 1 - 0x1p-40
            for bin in bins { scaled.parts[bin] = Int((Double(self[bin]) * factor).rounded(.down)) }
        } while !scaled.isWithin(norm)
        return scaled
    }

    /// Whether the L2 norm is at most `norm` counts, decided in whole numbers.
    func isWithin(_ norm: Int) -> Bool {
        let bound = UInt128(norm) * UInt128(Self.partsPerCount)
        var rest = bound * bound
        for part in parts.values {
            let (square, overflow) = UInt128(part).multipliedReportingOverflow(by: UInt128(part))
            guard !overflow, square <= rest else { return false }
            rest -= square
        }
        return true
    }

    private subscript(bin: Int) -> Int { parts[bin] ?? 0 }
}

/// Sums of bounded contributions over a public list of bins, before noise; private.
///
/// The only way on is `NoisyHistogram.release`, which consumes them. They cannot be copied, read,
/// written or logged. However a contribution was computed, it is held to the bound here: a longer one is
/// scaled down before it is added. So adding or removing one unit moves the counts by at most
/// `sensitivity` in L2 norm, exactly.
public struct BoundedCounts: ~Copyable, Sendable {
    /// Δ: the largest L2 norm of one unit's contribution, in counts.
    public let sensitivity: Int
    private let parts: [Int]

    /// Adds up what all units contribute.
    ///
    /// | histogram                                   | sensitivity |
    /// |---|---|
    /// | votes or classes, scaled to L2 norm 1       | 1           |
    /// | each record in one bin                      | 1           |
    /// | each user's records in any bins, at most K  | K           |
    ///
    /// - Parameters:
    ///   - binCount: How many bins there are, empty ones included; public.
    ///   - sensitivity: Δ ≥ 1.
    ///   - units: One contribution a unit, to bins in 0..<binCount.
    public init(binCount: Int, sensitivity: Int, units: some Sequence<UnitContribution>) {
        precondition(sensitivity >= 1, "sensitivity is \(sensitivity); it must be at least 1")
        self.sensitivity = sensitivity
        var sums = [Int](repeating: 0, count: binCount)
        for unit in units {
            let bounded = unit.isWithin(sensitivity) ? unit : unit.scaled(to: sensitivity)
            for (bin, parts) in bounded.parts { sums[bin] += parts }
        }
        parts = sums
    }

    /// The exact counts, for the mechanism alone.
    consuming func totals() -> [Double] {
        parts.map { Double($0) / Double(UnitContribution.partsPerCount) }
    }
}
