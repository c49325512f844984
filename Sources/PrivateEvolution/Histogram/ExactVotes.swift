/// The votes before noise. Private: it can only be used up by the mechanism that noises it.
struct ExactVotes: ~Copyable, Sendable {
    /// Whole parts of a vote, see `VoteAmount`; one a bin.
    private let parts: [Int]

    init(parts: [Int]) { self.parts = parts }

    /// The number of bins.
    var count: Int { parts.count }

    /// Hands the counts, in votes, to the mechanism; nothing is left behind.
    consuming func spent<Result: ~Copyable, Failure: Error>(
        on mechanism: ([Double]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mechanism(parts.map(VoteAmount.votes))
    }
}
