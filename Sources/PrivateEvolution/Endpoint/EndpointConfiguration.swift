package import Foundation

/// Which endpoint to ask, and how hard.
package struct EndpointConfiguration: Sendable {
    /// The address before `/completions`, such as `http://127.0.0.1:8080/v1`.
    package var url: URL
    /// The key, if the endpoint wants one.
    package var key: EndpointKey?
    /// Requests under way at once, at least 1.
    package var concurrency: Int
    /// The most requests begun in a second; nil for no limit.
    package var requestsPerSecond: Double?
    /// Seconds without a byte after which an attempt has failed.
    package var idleTimeout: Double
    /// Seconds after which an attempt has failed, whatever arrives.
    package var totalTimeout: Double
    /// How failures are repeated.
    package var retries: RetryPolicy

    /// States how to reach an endpoint.
    package init(
        url: URL,
        key: EndpointKey? = nil,
        concurrency: Int = 4,
        requestsPerSecond: Double? = nil,
        idleTimeout: Double = 120,
        totalTimeout: Double = 600,
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.url = url
        self.key = key
        self.concurrency = max(concurrency, 1)
        self.requestsPerSecond = requestsPerSecond
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.retries = retries
    }

    /// The address without user, password and query.
    var shownURL: String {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        parts?.user = nil
        parts?.password = nil
        parts?.query = nil
        return parts?.string ?? "the endpoint"
    }
}

/// The secret that an endpoint knows its user by.
///
/// It is sent and never shown.
package struct EndpointKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The header's value.
    let authorization: String

    /// Takes a key, as found in an environment variable.
    package init(_ key: String) { authorization = "Bearer " + key }

    /// "(a key)".
    package var description: String { "(a key)" }
    /// "(a key)".
    package var debugDescription: String { "(a key)" }
    /// Nothing, so that `dump` shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

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
