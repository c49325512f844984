/// The sum over a batch of what each record makes a token more likely, clipped; private.
///
/// Record i shifts the public logit φ of candidate v by clip(φᵢ(v) − φ(v)) to [−C, C]. The sum is over whole
/// parts of 2⁻²⁰ nats, hence exact and the same in any order. The only way on is
/// `ExponentialMechanism.choose`, which consumes it.
///
/// Adding or removing one record moves every coordinate by at most C, whatever the record's logits
/// are, NaN and infinities among them: the divisor B is a public constant, not the number of records
/// that came. (Replacing a record would move them by 2C.)
public struct ClippedDifferences: ~Copyable, Sendable {
    /// What may be chosen.
    public let candidates: TokenCandidates
    /// The mechanism that clips and that must choose.
    public let mechanism: ExponentialMechanism
    private(set) var sums: [Int]

    /// The sum over no record.
    public init(_ candidates: TokenCandidates, for mechanism: ExponentialMechanism) {
        self.candidates = candidates
        self.mechanism = mechanism
        sums = Array(repeating: 0, count: candidates.tokens.count)
    }

    /// Adds one record.
    ///
    /// - Parameter logits: One number a candidate, up to a common constant; they may depend on this
    ///   record, on public things and on what was chosen before alone. Private.
    public mutating func add(_ logits: [Double]) {
        precondition(logits.count == sums.count)
        let bound = Double(mechanism.clippingParts)
        for place in sums.indices {
            let parts =
                logits[place] * Double(TokenCandidates.partsPerNat)
                - Double(candidates.scores[place])
            // NaN says nothing; infinities are clipped like any other number.
            guard !parts.isNaN else { continue }
            sums[place] += Int(min(max(parts, -bound), bound).rounded())
        }
    }
}
