public import Kernels

/// The durable account of what a run has released, open for writing by one process.
///
/// - A release is recorded, and the record durable, before its randomness can be had: `reserve`
///   returns the only thing that sampler and mechanism accept.
/// - The same key and inputs again are the same release: no new entry, no new cost.
/// - A release that would bring ε above the target is refused before it is recorded.
/// - After a failed write nothing more is recorded; opening the run again finds out what is true.
public final class PrivacyLedger {
    /// An upper bound on ε of an event at a δ; ∞ or a throw if there is none.
    public typealias EpsilonBound =
        @Sendable (_ event: PrivacyEvent, _ delta: Double) throws(PrivacyError) -> Double

    /// The smallest of the bounds that the accountants give.
    public static let bestBound: EpsilonBound = { event, delta throws(PrivacyError) in
        try PrivacyAccounting.guarantee(of: event, delta: delta).epsilon
    }

    /// What is in the ledger, this process's entries included.
    public private(set) var record: LedgerRecord
    /// The run folder.
    public let folder: RunFolder

    private let file: OpenFile
    private let secret: RunSecret?
    private let epsilon: EpsilonBound
    private let witness: LedgerWitnessFile?
    private var hasFailed = false

    init(
        folder: RunFolder,
        file: consuming OpenFile,
        record: LedgerRecord,
        secret: RunSecret?,
        epsilon: @escaping EpsilonBound,
        witness: LedgerWitnessFile?
    ) {
        self.folder = folder
        self.file = file
        self.record = record
        self.secret = secret
        self.epsilon = epsilon
        self.witness = witness
    }

    /// Records a training step, unless this very step is recorded, and hands out its randomness.
    ///
    /// - Parameters:
    ///   - step: The step's number, from 0.
    ///   - plan: The plan of the run.
    ///   - state: H(parameters and optimizer state) before the step.
    ///   - environment: H(everything else that the step's sum depends on).
    /// - Returns: What sampler and mechanism accept.
    /// - Throws: `LedgerError`: `targetExceeded`, `finished`, `fileFailed`, `unusableAfterFailure`;
    ///   `PrivacyError` if ε cannot be bounded.
    public func reserve(
        step: Int,
        of plan: PrivacyPlan,
        state: ContentDigest,
        environment: ContentDigest
    ) throws -> Reservation {
        let key = try key(label: "step \(step)", state: state, environment: environment)
        let entry = LedgerEntry.StepReservation(
            step: step,
            samplingProbability: plan.schedule.samplingProbability,
            noiseMultiplier: plan.noiseMultiplier,
            maxGradNorm: plan.maxGradNorm,
            key: key.digest
        )
        return try reserve(.step(entry), key: key)
    }

    /// Records another release, unless this very release is recorded, and hands out its randomness.
    ///
    /// - Parameters:
    ///   - name: What is released, such as "label-counts" or "votes 3". Public.
    ///   - event: What it costs.
    ///   - state: H(all the released state that it depends on).
    ///   - environment: H(everything else that it depends on).
    /// - Returns: What a histogram accepts.
    /// - Throws: As for a step.
    public func reserve(
        release name: String,
        event: PrivacyEvent,
        state: ContentDigest,
        environment: ContentDigest
    ) throws -> Reservation {
        let key = try key(label: "release " + name, state: state, environment: environment)
        let entry = LedgerEntry.ReleaseReservation(name: name, event: event, key: key.digest)
        return try reserve(.release(entry), key: key)
    }

    /// Records a step of a label probe, unless this very step is recorded.
    ///
    /// - Parameters:
    ///   - step: The step's number, from 0.
    ///   - plan: The probe's part of the run's plan.
    ///   - state: H(the classifier before the step).
    ///   - environment: H(everything else that the step's sum depends on).
    /// - Returns: What the mechanism accepts.
    /// - Throws: As for a step of training.
    package func reserve(
        labelProbeStep step: Int,
        of plan: FullBatchPlan,
        state: ContentDigest,
        environment: ContentDigest
    ) throws -> Reservation {
        try reserve(
            release: PlannedRelease.labelProbePrefix + "\(step)",
            event: plan.stepEvent,
            state: state,
            environment: environment
        )
    }

    /// Records, once, that private diagnostics are written beside the run from now on.
    ///
    /// Their file can be deleted; that they were there stays known.
    public func recordDiagnostics() throws {
        guard !record.hasDiagnostics else { return }
        guard !record.isFinished else { throw LedgerError.finished(path: folder.ledgerPath) }
        try append(.diagnostics)
    }

    /// Records that the last step, number `steps` − 1, is durable, and removes the secret.
    ///
    /// That may be before the plan's last step, where the target allows for no more. Nothing can
    /// follow. Throws `LedgerError` if the disk refuses; then it can be done again after
    /// opening the run anew.
    public func finish(steps: Int) throws {
        if !record.isFinished { try append(.completion(steps: steps)) }
        try folder.removeSecret()
    }

    /// H(parameters and optimizer state), keyed by the run's secret; see `StateDigest`.
    ///
    /// - Throws: `LedgerError.finished` when the secret is gone.
    public func digest(
        ofState buffers: [FloatBuffer],
        parallel: ParallelFor
    ) throws(LedgerError) -> ContentDigest {
        guard let secret else { throw .finished(path: folder.ledgerPath) }
        return StateDigest(secret: secret, parallel: parallel)(buffers)
    }

    /// Keys for `label` where nothing private goes in, such as fresh parameters: no ledger entry.
    ///
    /// Throws `LedgerError.finished` when the secret is gone.
    public func publicKey(label: String) throws(LedgerError) -> StepKey {
        let nothing = ContentDigest(domain: "nothing", fields: [])
        return try key(label: "public " + label, state: nothing, environment: nothing)
    }
}

extension PrivacyLedger {
    /// Whether that step is recorded with these very inputs, so that computing it costs nothing.
    ///
    /// Nothing is recorded, and no randomness can be had from the answer.
    ///
    /// - Parameters: As for `reserve(step:of:state:environment:)`.
    /// - Throws: `LedgerError.finished` when the secret is gone.
    public func canReplay(
        step: Int,
        of plan: PrivacyPlan,
        state: ContentDigest,
        environment: ContentDigest
    ) throws(LedgerError) -> Bool {
        let key = try key(label: "step \(step)", state: state, environment: environment)
        return record.spending.contains(key.digest, plan.stepEvent)
    }

    /// Whether that many further releases, none of them a replay, stay within the target.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func hasRoom(for count: Int, of event: PrivacyEvent) throws(PrivacyError) -> Bool {
        guard case .limited(let target, let delta) = record.header.budget else { return true }
        let all =
            [record.spending.event, .repeated(event, count: count)]
            + record.spending.outstanding(of: record.header.planned, besides: event)
        return try Self.bestBound(.composed(all), delta) <= target
    }
}

extension PrivacyLedger {
    func key(
        label: String,
        state: ContentDigest,
        environment: ContentDigest
    ) throws(LedgerError) -> StepKey {
        guard let secret else { throw .finished(path: folder.ledgerPath) }
        let inputs = StepInputs(
            runIdentifier: record.header.runIdentifier,
            label: label,
            state: state,
            environment: environment
        )
        return StepKey(secret: secret, inputs: TestSeam.inputs(inputs, label: label))
    }

    private func reserve(_ entry: LedgerEntry, key: StepKey) throws -> Reservation {
        guard !record.isFinished else { throw LedgerError.finished(path: folder.ledgerPath) }
        if let (digest, event) = entry.spending, !record.spending.contains(digest, event) {
            try checkTarget(adding: digest, event)
            try append(entry)
        }
        return Reservation(recorded: key)
    }

    /// Stops before the release that would exceed the target.
    ///
    /// The plan as a whole was checked when the run was created; only what goes beyond it, such as
    /// a step repeated with other inputs, needs to be accounted for here. What the plan keeps for its
    /// other releases is not there to be spent on it.
    private func checkTarget(adding key: ContentDigest, _ event: PrivacyEvent) throws {
        guard case .limited(let target, let delta) = record.header.budget else { return }
        if record.spending.isWithin(record.header.planned, adding: event) { return }
        var after = record.spending
        after.add(key, event)
        let kept = record.spending.outstanding(of: record.header.planned, besides: event)
        let bound = try epsilon(kept.isEmpty ? after.event : .composed([after.event] + kept), delta)
        // Not `bound > target`: NaN must refuse, too.
        guard bound <= target else {
            throw LedgerError.targetExceeded(
                path: folder.ledgerPath,
                epsilon: bound,
                target: target
            )
        }
    }

    private func append(_ entry: LedgerEntry) throws {
        guard !hasFailed else { throw LedgerError.unusableAfterFailure(path: folder.ledgerPath) }
        let (line, chain) = try record.chain.appending(entry)
        hasFailed = true
        try folder.files.append(line + [UInt8(ascii: "\n")], to: file)
        try folder.files.synchronize(file)
        try record.append(entry, chain: chain)
        try updateWitness()
        hasFailed = false
    }

    /// Remembers outside the run how far the ledger is, if there is a file for it.
    func updateWitness() throws(LedgerError) { try witness?.append(record, of: folder) }
}

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
