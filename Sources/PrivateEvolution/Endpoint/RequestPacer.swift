/// Spaces out the beginnings of requests.
actor RequestPacer {
    private let interval: Duration
    private let clock: EndpointClock
    private var next: ContinuousClock.Instant

    /// Allows `rate` requests a second; any number without a rate.
    init(requestsPerSecond rate: Double?, clock: EndpointClock) {
        interval = rate.map { .seconds(1 / max($0, 1e-3)) } ?? .zero
        self.clock = clock
        next = clock.now()
    }

    /// Returns when the next request may begin.
    func turn() async throws {
        guard interval > .zero else { return }
        let now = clock.now()
        let start = max(next, now)
        next = start + interval
        if start > now { try await clock.sleep(start - now) }
    }
}
