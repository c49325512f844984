/// The time that waits for an endpoint are measured by; tests have one of their own.
package struct EndpointClock: Sendable {
    /// What time it is.
    let now: @Sendable () -> ContinuousClock.Instant
    /// Returns after that long.
    let sleep: @Sendable (Duration) async throws -> Void

    /// The machine's.
    package static let continuous = EndpointClock(
        now: { ContinuousClock.now },
        sleep: { try await Task.sleep(for: $0) }
    )
}
