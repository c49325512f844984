import Foundation

/// Moments, tail and distance of a sample from the standard normal distribution.
///
/// Acceptance limits at n = 1e7 (false-alarm probability below 1e-6 each, and below 1e-5 together):
/// |mean| and std within 5 standard errors, excess kurtosis within 5 standard errors (7.8e-3),
/// KS distance below 8.5e-4, number of |z| > 5 in 0...20 where 5.73 are expected.
struct NoiseStatistics {
    var mean = 0.0
    var standardDeviation = 0.0
    var excessKurtosis = 0.0
    var beyondFive = 0
    /// Kolmogorov–Smirnov distance, over bins of width 0.002 (which adds at most 8e-4 of one bin's
    /// mass, itself below 8e-4, only between bin borders: the borders themselves are exact).
    var distance = 0.0

    init(_ values: some Sequence<Double>) {
        var sums = (0.0, 0.0, 0.0)
        var count = 0
        var bins = [Int](repeating: 0, count: 10_001)
        for value in values {
            let square = value * value
            sums.0 += value
            sums.1 += square
            sums.2 += square * square
            if abs(value) > 5 { beyondFive += 1 }
            // Border b of the bins is at (b − 5000)·0.002; values beyond ±10 count in the last bin.
            bins[min(max(Int((value * 500).rounded(.up)) + 5000, 0), 10_000)] += 1
            count += 1
        }
        let size = Double(count)
        mean = sums.0 / size
        let variance = sums.1 / size - mean * mean
        standardDeviation = variance.squareRoot()
        excessKurtosis = sums.2 / size / (variance * variance) - 3
        var below = 0
        for (bin, number) in bins.enumerated() {
            below += number
            let border = (Double(bin) - 5000) * 0.002
            let expected = 0.5 * erfc(-border / 2.0.squareRoot())
            distance = max(distance, abs(Double(below) / size - expected))
        }
    }

    /// Whether a sample of 1e7 looks standard normal.
    var looksNormal: Bool {
        let size = 1e7
        return abs(mean) < 5 / size.squareRoot()
            && abs(standardDeviation - 1) < 5 / (2 * size).squareRoot()
            && abs(excessKurtosis) < 5 * (24 / size).squareRoot() && distance < 8.5e-4
            && beyondFive <= 20
    }
}
