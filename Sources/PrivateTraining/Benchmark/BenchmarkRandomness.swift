package import DifferentialPrivacy

/// Reproducible randomness for measurements, where nothing is private.
package enum BenchmarkRandomness {
    static let secret = RunSecret.insecure(seed: 0)

    /// A generator for weights, tokens or drawing; different lanes are independent.
    package static func generator(lane: UInt64 = 0) -> KeyStreamGenerator {
        let key = key("benchmark")
        return KeyStreamGenerator(key.stream(for: .initialization, lane: lane))
    }

    /// The key of a step.
    static func key(_ label: String, state: ContentDigest? = nil) -> StepKey {
        let nothing = ContentDigest(domain: "nothing", fields: [])
        return StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: "benchmark",
                label: label,
                state: state ?? nothing,
                environment: nothing
            )
        )
    }
}
