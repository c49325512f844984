/// Proof that a release is in the ledger, durably, and the key to its randomness.
///
/// Only a ledger makes one, after the entry has reached the disk; the sampler borrows it and the
/// mechanism consumes it. That a step is sampled or noised before it is recorded, or noised twice,
/// does not compile.
public struct Reservation: ~Copyable, Sendable {
    /// The keys of this release.
    public let key: StepKey

    init(recorded key: StepKey) { self.key = key }

    /// A reservation that no ledger knows, for benchmarks and audits on data that is not private.
    ///
    /// Nothing computed with it may be released.
    package static func unrecorded(_ key: StepKey) -> Reservation { Reservation(recorded: key) }
}
