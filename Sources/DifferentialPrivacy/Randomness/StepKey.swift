import Crypto

/// Everything that decides what a step releases; any difference gives fresh randomness.
public struct StepInputs: Hashable, Sendable {
    /// The run, 32 hexadecimal digits.
    public let runIdentifier: String
    /// The step's number, or a name for a release that is not a step, such as "votes 3".
    public let label: String
    /// H(parameters and optimizer state) before the step.
    public let state: ContentDigest
    /// H(everything else the sum depends on): corpus, columns, plan, sequence length, tokenizer,
    /// clipping, LoRA, micro-batch, threads, BLAS core, instruction set, product version.
    public let environment: ContentDigest

    /// States the inputs of a release.
    public init(
        runIdentifier: String,
        label: String,
        state: ContentDigest,
        environment: ContentDigest
    ) {
        self.runIdentifier = runIdentifier
        self.label = label
        self.state = state
        self.environment = environment
    }

    /// States the inputs of step `step`, counted from 0.
    public init(
        runIdentifier: String,
        step: Int,
        state: ContentDigest,
        environment: ContentDigest
    ) {
        self.init(
            runIdentifier: runIdentifier,
            label: "step \(step)",
            state: state,
            environment: environment
        )
    }

    /// States the inputs of draws that depend on no data, such as fresh parameters.
    ///
    /// `domain` stands for the state and the environment, which there are none of.
    package init(runIdentifier: String, label: String, domain: String = "nothing") {
        let nothing = ContentDigest(domain: domain, fields: [])
        self.init(
            runIdentifier: runIdentifier,
            label: label,
            state: nothing,
            environment: nothing
        )
    }
}

/// The keys of one step, one for each purpose.
///
///     key = HKDF-SHA-256(run secret; run ‖ label ‖ purpose ‖ H(state) ‖ H(environment))   RFC 5869
///
/// The same secret and inputs give the same keys on every machine: computing a step again is the
/// same release. Noise is never used for another state, batch or configuration.
public struct StepKey: Sendable {
    /// Names key and inputs in the ledger without telling anything about them.
    public let digest: ContentDigest
    private let secret: RunSecret
    private let inputs: StepInputs

    /// Derives the keys that `secret` gives to `inputs`.
    public init(secret: RunSecret, inputs: StepInputs) {
        self.secret = secret
        self.inputs = inputs
        let name = Self.derive(secret, inputs, purpose: "ledger")
        digest = ContentDigest(bytes: unsafe name.withUnsafeBytes { unsafe Array($0) })
    }

    /// The stream for one purpose; lanes of it are independent of each other.
    package func stream(for purpose: RandomnessPurpose, lane: UInt64 = 0) -> KeyStream {
        KeyStream(
            key: Self.derive(secret, inputs, purpose: "stream " + purpose.rawValue),
            lane: lane
        )
    }

    private static func derive(
        _ secret: RunSecret,
        _ inputs: StepInputs,
        purpose: String
    ) -> SymmetricKey {
        var info: [UInt8] = []
        info.appendField(inputs.runIdentifier.utf8)
        info.appendField(inputs.label.utf8)
        info.appendField(purpose.utf8)
        info.appendField(inputs.state.bytes)
        info.appendField(inputs.environment.bytes)
        return HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret.key,
            salt: Array("dpscribe/step-key/1".utf8),
            info: info,
            outputByteCount: 32
        )
    }
}
