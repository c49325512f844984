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
