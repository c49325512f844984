/// Everything that decides what a step releases; any difference gives fresh randomness.
public struct StepInputs: Hashable, Sendable {
    /// The run, 32 hexadecimal digits.
    public let runIdentifier: String
    /// The step's number, or a name for a release that is not a step, such as "votes 3".
    public let label: String
    /// H(parameters and optimizer state) before the step.
    public let state: ContentDigest
    /// H(everything else the sum depends on): corpus, columns, plan, sequence length, tokenizer,
    /// clipping, LoRA, micro-batch, threads, BLAS core, instruction set, product version, executable.
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

extension [UInt8] {
    /// Appends the eight bytes of `value`, the highest first.
    mutating func appendBigEndian(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    /// Appends a field that cannot run into its neighbours: its length, then its bytes.
    mutating func appendField(_ field: some Collection<UInt8>) {
        appendBigEndian(UInt64(field.count))
        append(contentsOf: field)
    }
}
