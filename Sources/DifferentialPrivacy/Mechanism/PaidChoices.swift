/// The choices of tokens that one entry of the ledger paid for: so many texts of so many tokens.
///
/// The texts draw on disjoint parts of the corpus, or on other labels' records, so that a unit bears the
/// cost of one of them. Each choice can be had once, in the order of its text, and has randomness of
/// its own: lane `text·2³² + token` of the reserved key's streams. A run that goes on takes the same
/// choices of the same key again, for the same inputs.
public struct PaidChoices: ~Copyable, Sendable {
    /// The keys of the entry, for what belongs to no single choice, such as who is in which batch.
    package let key: StepKey
    /// T: how many tokens a text may have.
    public let tokensPerText: Int
    private var taken: [Int]

    /// Turns a reservation into its choices.
    ///
    /// - Parameters:
    ///   - reservation: Proof that the cost of `tokensPerText` choices is in the ledger.
    ///   - texts: How many texts share it, each with other units; at least 1.
    ///   - tokensPerText: At least 1.
    public init(_ reservation: consuming Reservation, texts: Int, tokensPerText: Int) {
        precondition(texts >= 1 && tokensPerText >= 1)
        key = reservation.key
        self.tokensPerText = tokensPerText
        taken = Array(repeating: 0, count: texts)
    }

    /// The next choice of a text.
    ///
    /// - Parameter text: From 0.
    /// - Returns: What the mechanism consumes; nil once the text has had all it was paid for.
    public mutating func next(ofText text: Int) -> PaidChoice? {
        guard taken[text] < tokensPerText else { return nil }
        defer { taken[text] += 1 }
        return PaidChoice(key: key, lane: UInt64(text) << 32 | UInt64(taken[text]))
    }
}

/// Proof that one choice of a token is paid for, and its randomness; a mechanism uses it up.
public struct PaidChoice: ~Copyable, Sendable {
    private let key: StepKey
    private let lane: UInt64

    init(key: StepKey, lane: UInt64) {
        self.key = key
        self.lane = lane
    }

    /// The stream for one purpose, of this choice alone.
    ///
    /// A purpose has two streams, number 0 and 1.
    func stream(for purpose: RandomnessPurpose, number: UInt64 = 0) -> KeyStream {
        key.stream(for: purpose, lane: number << 63 | lane)
    }
}
