import DifferentialPrivacy
import LanguageModel
import PrivateEvolution

/// Texts by clipped differences: batches are dealt out once, contexts grow, nothing is read twice.
extension PrivatePrediction {
    /// Contexts that are in memory together; a batch that is larger than that is alone.
    private static let mostContexts = 64

    /// Writes every text that the journal lacks.
    ///
    /// All texts together are one entry of the ledger: their batches are disjoint, so a record bears
    /// the cost of one.
    func predictByDifferences(
        _ layout: TextLayout,
        pools: [Double],
        _ ledger: PrivacyLedger,
        _ journal: CandidateJournal<WrittenText>,
        _ observe: (Int) -> Void
    ) throws {
        let missing = (0..<layout.count).filter { journal.results[$0] == nil }
        guard let mechanism = plan.exponentialMechanism, !missing.isEmpty else { return }
        let reservation = try ledger.reserve(
            release: "texts",
            event: plan.roundEvent,
            state: folder.digest(ofSizes: layout.sizes),
            environment: environment
        )
        try folder.remember(ledger.record.position)
        var paid = PaidChoices(
            reservation,
            texts: layout.count,
            tokensPerText: plan.settings.maximumNewTokens
        )
        let batches = layout.sizes.indices.map { index in
            DisjointBatches(
                unitCount: records[index].count,
                batchCount: layout.sizes[index],
                slotCount: slots(layout.sizes[index], pool: pools[index]),
                lane: index,
                for: paid
            ).members
        }.flatMap(\.self)
        var wave: [DraftText] = []
        var contexts = 0
        for number in missing {
            let draft = draft(number, layout.classIndex(of: number), batches[number])
            if contexts + draft.prompts.count > Self.mostContexts, !wave.isEmpty {
                try write(&wave, mechanism, &paid, journal, observe)
                contexts = 0
            }
            wave.append(draft)
            contexts += draft.prompts.count
        }
        try write(&wave, mechanism, &paid, journal, observe)
    }

    /// N̂/B slots, of which the texts take the first.
    private func slots(_ texts: Int, pool: Double) -> Int {
        let most = (pool / Double(plan.settings.prompts)).rounded(.down)
        return max(texts, 1, most.isFinite && most > 0 ? Int(min(most, 1e9)) : 1)
    }

    private func draft(_ number: Int, _ index: Int, _ members: [Int]) -> DraftText {
        let texts = members.map { [records[index][$0]] }
        return DraftText(
            number: number,
            prompts: ([[]] + texts).map { format.prompt(ofClass: index, records: $0) }
        )
    }

    /// Writes some texts together, then empties the list.
    private func write(
        _ wave: inout [DraftText],
        _ mechanism: ExponentialMechanism,
        _ paid: inout PaidChoices,
        _ journal: CandidateJournal<WrittenText>,
        _ observe: (Int) -> Void
    ) throws {
        guard !wave.isEmpty else { return }
        let longest = wave.flatMap(\.prompts).reduce(0) { max($0, $1.count) }
        let contexts = GrowingContexts(
            decoder,
            count: wave.reduce(0) { $0 + $1.prompts.count },
            positions: min(longest + plan.settings.maximumNewTokens, decoder.contextLength)
        )
        var first = 0
        for place in wave.indices {
            wave[place].firstContext = first
            first += wave[place].prompts.count
        }
        while wave.contains(where: { !$0.isEnded }) {
            try Task.checkCancellation()
            let open = wave.indices.filter { !wave[$0].isEnded }
            let logits = contexts.feed(open.flatMap { wave[$0].pieces })
            var next = 0
            for place in open {
                // What was written in this step so far is kept; the rest will be written again.
                try Task.checkCancellation()
                let count = wave[place].prompts.count
                try choose(&wave[place], logits[next..<next + count], mechanism, &paid)
                next += count
                guard wave[place].isEnded else { continue }
                try journal.append(wave[place].number, written(wave[place].tokens))
                observe(journal.results.count)
            }
        }
        wave = []
    }

    /// Chooses a text's next token by the public logits and those of its batch.
    private func choose(
        _ draft: inout DraftText,
        _ logits: ArraySlice<NextTokenLogits>,
        _ mechanism: ExponentialMechanism,
        _ paid: inout PaidChoices
    ) throws {
        guard let publicNext = logits.first, let choice = paid.next(ofText: draft.number) else {
            draft.isEnded = true
            return
        }
        let publicLogits = publicLogits(publicNext, isFirst: draft.tokens.isEmpty)
        let candidates = PredictionSeam.candidates(
            TokenCandidates(
                publicLogits: publicLogits,
                mostLikely: plan.settings.publicTopK,
                widening: mechanism.widening
            ),
            ofRecord: logits.last?.values ?? [],
            mostLikely: plan.settings.publicTopK
        )
        guard let candidates, publicNext.logSum.isFinite else {
            throw PrivatePredictionError.unusableModel
        }
        var differences = ClippedDifferences(candidates, for: mechanism)
        let offset = publicNext.logSum - Double(publicLogits.max() ?? 0)
        for member in logits.dropFirst() {
            // As logarithms of probabilities: what all logits have in common says nothing.
            differences.add(
                candidates.tokens.map { Double(member.values[$0]) - member.logSum + offset }
            )
        }
        let token = mechanism.choose(differences, for: choice)
        draft.tokens.append(Int32(token))
        draft.isEnded =
            vocabulary.ends[token] || draft.tokens.count == plan.settings.maximumNewTokens
    }
}

/// A text that is being written, with its contexts: the public one, then one a record.
private struct DraftText {
    let number: Int
    let prompts: [[Int32]]
    var firstContext = 0
    var tokens: [Int32] = []
    var isEnded = false

    init(number: Int, prompts: [[Int32]]) {
        self.number = number
        self.prompts = prompts
    }

    /// What its contexts are fed next: the prompts, or the token that was chosen.
    var pieces: [(context: Int, tokens: [Int32])] {
        prompts.enumerated().map { place, prompt in
            (firstContext + place, tokens.last.map { [$0] } ?? prompt)
        }
    }
}
