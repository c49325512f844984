/// One metric over the independent runs of a method at one ε.
///
///     interval = mean ± √((t s / √n)² + (1.96 s_test)²)
///
/// t is Student's 97.5 % point for n − 1 degrees of freedom and s the standard deviation over runs: it
/// holds the noise of the mechanism, of training and of drawing texts. s_test is that of resampling the
/// test texts, which all runs share, so more runs do not lessen it; it is known for classifiers only.
public struct RunStatistics: Sendable, Codable, Equatable {
    /// The number of runs that have the metric, n ≥ 1.
    public let runs: Int
    /// The mean over those runs.
    public let mean: Double
    /// The unbiased standard deviation over runs; `nil` for one run.
    public let standardDeviation: Double?
    /// Lower and upper end of a 95 % interval of the mean, not cut off at a metric's range.
    ///
    /// For one run that run's own interval, which leaves out the noise from run to run; `nil` if it
    /// has none.
    public let interval: [Double]?
    /// The standard deviation that resampling the test texts causes; `nil` where it is not known.
    public let testDeviation: Double?

    enum CodingKeys: String, CodingKey {
        case runs, mean, interval
        case standardDeviation = "standard_deviation"
        case testDeviation = "test_standard_deviation"
    }

    /// Summarises runs; `nil` without values.
    ///
    /// - Parameters:
    ///   - values: One a run.
    ///   - ownInterval: The interval of a run that is alone.
    ///   - testVariance: The variance that resampling the test texts causes.
    init?(_ values: [Double], ownInterval: [Double]? = nil, testVariance: Double? = nil) {
        guard !values.isEmpty else { return nil }
        testDeviation = testVariance?.squareRoot()
        runs = values.count
        let count = Double(values.count)
        mean = values.reduce(0, +) / count
        guard values.count > 1 else {
            standardDeviation = nil
            interval = ownInterval
            return
        }
        let variance = ClassifierTest.variance(values)
        standardDeviation = variance.squareRoot()
        let quantile = Self.studentQuantile(degreesOfFreedom: values.count - 1)
        let testNoise = 1.96 * 1.96 * (testVariance ?? 0)
        let reach = (quantile * quantile * variance / count + testNoise).squareRoot()
        interval = [mean - reach, mean + reach]
    }

    /// Half the length of the interval.
    var reach: Double? {
        interval.flatMap { $0.count == 2 ? ($0[1] - $0[0]) / 2 : nil }
    }

    /// Half a 95 % interval of the difference of two means; `nil` without an interval on each side.
    ///
    /// With several runs on both sides Welch's: t for Satterthwaite's degrees of freedom, rounded down,
    /// and the test texts' variance of both. They share those texts, which makes the sum too large
    /// rather than too small. With a single run on a side its interval, as far as it reaches.
    func differenceReach(to other: RunStatistics) -> Double? {
        guard let own = standardDeviation, let others = other.standardDeviation else {
            guard let reach, let otherReach = other.reach else { return nil }
            return (reach * reach + otherReach * otherReach).squareRoot()
        }
        let errors = (own * own / Double(runs), others * others / Double(other.runs))
        let sum = errors.0 + errors.1
        let spread =
            errors.0 * errors.0 / Double(runs - 1) + errors.1 * errors.1 / Double(other.runs - 1)
        let freedom = spread > 0 ? sum * sum / spread : Double(min(runs, other.runs) - 1)
        let quantile = Self.studentQuantile(degreesOfFreedom: max(1, Int(freedom + 1e-9)))
        let test = (testDeviation ?? 0, other.testDeviation ?? 0)
        let testNoise = 1.96 * 1.96 * (test.0 * test.0 + test.1 * test.1)
        return (quantile * quantile * sum + testNoise).squareRoot()
    }

    /// The 97.5 % point of Student's t, as scipy.stats.t.ppf gives it, to three decimals.
    ///
    /// Above 30 degrees of freedom the point for 30, so that an interval is never too short.
    static func studentQuantile(degreesOfFreedom: Int) -> Double {
        quantiles[min(degreesOfFreedom, quantiles.count) - 1]
    }

    private static let quantiles = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
        2.052, 2.048, 2.045, 2.042,
    ]
}
