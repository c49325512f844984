import Cryptography

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
        digest = ContentDigest(bytes: name.bytes)
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
    ) -> SecretKey {
        var info: [UInt8] = []
        info.appendField(inputs.runIdentifier.utf8)
        info.appendField(inputs.label.utf8)
        info.appendField(purpose.utf8)
        info.appendField(inputs.state.bytes)
        info.appendField(inputs.environment.bytes)
        return secret.key.derived(salt: Array("dpscribe/step-key/1".utf8), info: info)
    }
}
