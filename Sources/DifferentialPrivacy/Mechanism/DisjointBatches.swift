internal import FoundationEssentials

/// Records dealt out to texts, each to at most one.
///
/// Every record draws a slot by itself: the first `batchCount` slots are the texts' batches, who draws
/// another takes no part. Where a record goes depends on the key and on its place alone, so adding or
/// removing one changes one batch by one record, and no other record's place in it. Batches of a
/// fixed size would not do that: who leaves one is replaced by somebody, which counts twice.
///
/// Batches therefore have sizes of their own, about Poisson distributed, and may be empty; the sizes
/// are private.
public struct DisjointBatches: Sendable {
    /// The records of each batch, ascending; private.
    public let members: [[Int]]

    /// Deals out.
    ///
    /// - Parameters:
    ///   - unitCount: How many records there really are; private.
    ///   - batchCount: How many texts; public.
    ///   - slotCount: At least `batchCount`: N̂/B with a public estimate N̂ of the number of records.
    ///   - lane: A number that no other dealing with these choices has, such as that of a class.
    ///   - choices: What the ledger has paid for.
    public init(
        unitCount: Int,
        batchCount: Int,
        slotCount: Int,
        lane: Int,
        for choices: borrowing PaidChoices
    ) {
        precondition(batchCount >= 0 && slotCount >= max(batchCount, 1))
        let stream = choices.key.stream(for: .sampling, lane: UInt64(lane) | 1 << 62)
        var words = KeyStreamGenerator(stream)
        var members = [[Int]](repeating: [], count: batchCount)
        for unit in 0..<unitCount {
            // At most 2⁻⁶⁴·slotCount off uniform, which no count of records notices.
            let slot = Int(words.next().multipliedFullWidth(by: UInt64(slotCount)).high)
            guard slot < batchCount else { continue }
            TestSeam.deal(unit, to: slot, of: &members)
        }
        self.members = members
    }
}

/// Records drawn afresh for one token and dealt out to its prompts.
///
/// Each record joins with probability q by itself (`PoissonSampler`), and then draws one of the prompts
/// by itself. Adding or removing a record changes one prompt, with probability q.
public struct PromptSample: Sendable {
    /// The records of each prompt, ascending; private.
    public let members: [[Int]]

    /// Draws for one choice.
    ///
    /// - Parameters:
    ///   - unitCount: How many records there really are; private.
    ///   - samplingProbability: q in (0, 1], as it is accounted.
    ///   - promptCount: P ≥ 1.
    ///   - choice: The choice that the prompts are for.
    public init(
        unitCount: Int,
        samplingProbability: Double,
        promptCount: Int,
        for choice: borrowing PaidChoice
    ) {
        precondition(promptCount >= 1)
        let stream = choice.stream(for: .sampling)
        let joined = PoissonSampler(samplingProbability: samplingProbability)
            .sample(unitCount: unitCount, stream: stream)
        var members = [[Int]](repeating: [], count: promptCount)
        let places = choice.stream(for: .sampling, number: 1)
        for unit in joined {
            let block = places.bytes(fromBlock: UInt64(unit), count: 1)
            let word = block.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            members[Int(word.multipliedFullWidth(by: UInt64(promptCount)).high)].append(unit)
        }
        self.members = members
    }
}
