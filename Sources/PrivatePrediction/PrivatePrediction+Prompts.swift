internal import Foundation
import DifferentialPrivacy
import LanguageModel
import PrivateEvolution

/// Texts by noisy means of distributions, or noisy votes: every token draws its records afresh.
extension PrivatePrediction {
    /// Writes every text that the journal lacks, in rounds of one text a class.
    ///
    /// Classes hold different records, so a round costs a record what one text does.
    func predictByPrompts(
        _ layout: TextLayout,
        pools: [Double],
        _ ledger: PrivacyLedger,
        _ journal: CandidateJournal<WrittenText>,
        _ observe: (Int) -> Void
    ) throws {
        for round in 0..<plan.settings.rounds {
            let classes = layout.sizes.indices.filter { index in
                round < layout.sizes[index]
                    && journal.results[layout.number(round, ofClass: index)] == nil
            }
            guard !classes.isEmpty else { continue }
            let reservation = try ledger.reserve(
                release: "texts \(round + 1)",
                event: plan.roundEvent,
                state: folder.digest(ofSizes: layout.sizes),
                environment: environment
            )
            try folder.remember(ledger.record.position)
            var paid = PaidChoices(
                reservation,
                texts: layout.sizes.count,
                tokensPerText: plan.settings.maximumNewTokens
            )
            for index in classes {
                let tokens = try text(ofClass: index, pool: pools[index], &paid)
                try journal.append(layout.number(round, ofClass: index), written(tokens))
                observe(journal.results.count)
            }
        }
    }

    private func text(
        ofClass index: Int,
        pool: Double,
        _ paid: inout PaidChoices
    ) throws -> [Int32] {
        let mechanism = NoisyArgmax(noiseMultiplier: plan.noiseMultiplier ?? 0)
        let drawn = Double(plan.settings.prompts * plan.settings.recordsPerPrompt)
        let probability = min(plan.samplingProbability, pool > 0 ? drawn / pool : 1)
        var tokens: [Int32] = []
        while let choice = paid.next(ofText: index) {
            try Task.checkCancellation()
            let sample = PromptSample(
                unitCount: records[index].count,
                samplingProbability: probability,
                promptCount: plan.settings.prompts,
                for: choice
            )
            let prompts = sample.members.filter { !$0.isEmpty }
            let logits = logits(ofClass: index, prompts, after: tokens)
            guard
                let publicNext = logits.first,
                let candidates = TokenCandidates(
                    publicLogits: publicLogits(publicNext, isFirst: tokens.isEmpty),
                    mostLikely: plan.settings.publicTopK
                )
            else { throw PrivatePredictionError.unusableModel }
            // A prompt that nobody joined says what the public one does.
            let empty = plan.settings.prompts - prompts.count
            let votes =
                logits.dropFirst().map { contribution($0, candidates) }
                + Array(repeating: contribution(publicNext, candidates), count: empty)
            let token = mechanism.choose(PromptVotes(candidates, prompts: votes), for: choice)
            tokens.append(Int32(token))
            if vocabulary.ends[token] { break }
        }
        return tokens
    }

    /// What follows the public prompt and each of the others.
    private func logits(
        ofClass index: Int,
        _ prompts: [[Int]],
        after tokens: [Int32]
    ) -> [NextTokenLogits] {
        let inputs = ([[]] + prompts).map { members in
            format.prompt(ofClass: index, records: members.map { records[index][$0] }) + tokens
        }
        let contexts = GrowingContexts(
            decoder,
            count: inputs.count,
            positions: inputs.reduce(1) { max($0, $1.count) }
        )
        return contexts.feed(inputs.enumerated().map { ($0.offset, $0.element) })
    }

    /// A prompt's next-token probabilities among the candidates, or its vote for the likeliest.
    private func contribution(
        _ next: NextTokenLogits,
        _ candidates: TokenCandidates
    ) -> UnitContribution {
        var contribution = UnitContribution()
        let logits = candidates.tokens.map { Double(next.values[$0]) }
        // Logits that are not numbers say nothing.
        guard logits.allSatisfy({ !$0.isNaN && $0 < .infinity }), let largest = logits.max(),
            largest.isFinite
        else { return contribution }
        if plan.settings.rule == .noisyMax {
            let place = logits.firstIndex(of: largest) ?? 0
            contribution.add(UnitContribution.partsPerCount, to: place)
            return contribution
        }
        let weights = logits.map { exp($0 - largest) }
        let total = weights.reduce(0, +)
        for (place, weight) in weights.enumerated() {
            let parts = (weight / total * Double(UnitContribution.partsPerCount)).rounded(.down)
            contribution.add(Int(parts), to: place)
        }
        return contribution
    }
}
