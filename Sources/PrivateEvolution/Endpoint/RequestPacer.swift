/// Spaces out the beginnings of requests.
actor RequestPacer {
    private let interval: Duration
    private var next = ContinuousClock.now

    /// Allows `rate` requests a second; any number without a rate.
    init(requestsPerSecond rate: Double?) {
        interval = rate.map { .seconds(1 / max($0, 1e-3)) } ?? .zero
    }

    /// Returns when the next request may begin.
    func turn() async throws {
        guard interval > .zero else { return }
        let start = max(next, .now)
        next = start + interval
        try await Task.sleep(until: start, clock: .continuous)
    }
}
