/// When to ask again after a failure.
///
///     wait(n) = uniform(½, 1) · min(longest, first · 2ⁿ),  n = 0, 1, …
///
/// The jitter keeps many clients from returning all at once. What an endpoint asks for by
/// `Retry-After` is waited for instead, up to `longestRequested`.
package struct RetryPolicy: Sendable {
    /// How often a request is tried, at least 1.
    package var attempts: Int
    /// The first wait, in seconds.
    package var first: Double
    /// The longest wait chosen here, in seconds.
    package var longest: Double
    /// The longest wait that an endpoint may ask for, in seconds.
    package var longestRequested: Double
    /// How often it is tried to connect to an endpoint that was never reached, at least 1.
    ///
    /// Its address may be wrong; a server that is starting takes some seconds.
    package var firstContactAttempts: Int

    /// States a policy.
    package init(
        attempts: Int = 8,
        first: Double = 1,
        longest: Double = 60,
        longestRequested: Double = 600,
        firstContactAttempts: Int = 4
    ) {
        self.attempts = max(attempts, 1)
        self.first = first
        self.longest = longest
        self.longestRequested = longestRequested
        self.firstContactAttempts = max(firstContactAttempts, 1)
    }

    /// Seconds to wait after the failure of attempt `attempt`, from 0.
    func wait(
        afterAttempt attempt: Int,
        requested: Double?,
        using generator: inout some RandomNumberGenerator
    ) -> Double {
        let jitter = Double.random(in: 0.5...1, using: &generator)
        if let requested, requested.isFinite, requested >= 0 {
            // Never earlier than asked for, but not all at the same moment.
            return min(requested, longestRequested) * (1.5 - jitter / 2)
        }
        return jitter * min(longest, first * Double(1 << min(attempt, 30)))
    }
}
