import Foundation
import TestData
import Testing

@testable import DifferentialPrivacy

@Suite struct PrivateChoiceTests {
    private static func choices(_ label: String = "texts", texts: Int = 1, tokens: Int = 100_000)
        -> PaidChoices
    {
        PaidChoices(RuntimeFixtures.reservation(label), texts: texts, tokensPerText: tokens)
    }

    private struct Exhausted: Error {}

    private static func take(_ paid: inout PaidChoices, _ text: Int = 0) throws -> PaidChoice {
        guard let choice = paid.next(ofText: text) else { throw Exhausted() }
        return choice
    }

    private static func candidates(_ logits: [Float], widening: Double = 0) throws
        -> TokenCandidates
    {
        try #require(TokenCandidates(publicLogits: logits, mostLikely: 100, widening: widening))
    }

    /// Public logits are given for all tokens, so the tokens at hand follow from them.
    @Test func candidatesAreTheMostLikelyAndThoseWithinReach() throws {
        let logits: [Float] = [1, 5, .nan, 4, 3.5, -.infinity, 5, 3]
        func tokens(_ count: Int, _ widening: Double) throws -> [Int] {
            try #require(
                TokenCandidates(publicLogits: logits, mostLikely: count, widening: widening)
            ).tokens
        }
        #expect(try tokens(1, 0) == [1, 6])
        #expect(try tokens(3, 0) == [1, 3, 6])
        #expect(try tokens(3, 0.5) == [1, 3, 4, 6])
        #expect(try tokens(3, .infinity) == [1, 3, 6])
        #expect(try tokens(100, 0) == [0, 1, 3, 4, 6, 7])
        #expect(TokenCandidates(publicLogits: [.nan, .infinity], mostLikely: 1) == nil)
    }

    /// 200,000 draws against the softmax: χ² with 3 degrees of freedom, limit at p = 1e-6.
    @Test func drawsFromTheSoftmaxOfPublicLogitsAndClippedDifferences() throws {
        let mechanism = ExponentialMechanism(range: 0.5, batchSize: 4, temperature: 1.5)
        #expect(abs(mechanism.clipping - 1.5) < 1e-5)
        let candidates = try Self.candidates([0, -1, -2, 0.5])
        let logits = candidates.logits
        let members = [[100.0, 0, -2, 0], [-0.3, -100, 7, 0.2], [0, 0.1, -2.7, -1]]
        var exact = logits
        for member in members {
            for v in exact.indices { exact[v] += min(max(member[v] - logits[v], -1.5), 1.5) / 4 }
        }
        let weights = exact.map { exp($0 / 1.5) }
        let total = weights.reduce(0, +)
        var paid = Self.choices(tokens: 200_000)
        var counts = [Double](repeating: 0, count: 4)
        for _ in 0..<200_000 {
            var differences = ClippedDifferences(candidates, for: mechanism)
            for member in members { differences.add(member) }
            let choice = try Self.take(&paid, 0)
            counts[mechanism.choose(differences, for: choice)] += 1
        }
        let distance = zip(counts, weights).reduce(0) { sum, pair in
            let expected = 200_000 * pair.1 / total
            return sum + (pair.0 - expected) * (pair.0 - expected) / expected
        }
        #expect(distance < 30.7, "\(counts)")
    }

    /// Whatever a record's logits are, it moves no sum by more than C, nor the spread by more than η.
    @Test func noRecordMovesTheScoresByMoreThanTheRange() throws {
        let mechanism = ExponentialMechanism(range: 0.25, batchSize: 8, temperature: 1)
        let candidates = try Self.candidates([0, -1, -2, 0.5, -7])
        let hostile: [[Double]] = [
            [.infinity, -.infinity, .nan, 1e308, -1e308], [.nan, .nan, .nan, .nan, .nan],
            [1e9, -1e9, 0, .leastNonzeroMagnitude, 1], [0, 0, 0, 0, 0],
        ]
        for logits in hostile {
            let replay = MechanismReplay()
            try MechanismReplay.$current.withValue(replay) {
                for record in [nil, logits] {
                    var differences = ClippedDifferences(candidates, for: mechanism)
                    differences.add([0.3, -4, 2, 1, 0])
                    if let record { differences.add(record) }
                    var paid = Self.choices()
                    let choice = try Self.take(&paid, 0)
                    _ = mechanism.choose(differences, for: choice)
                }
            }
            let distance = replay.calls[0].distance(to: replay.calls[1])
            #expect(distance <= 1)
            if logits[0] == .infinity { #expect(distance > 0.999) }
        }
    }

    /// What an attacker sees who knows all but one record: the odds of two tokens, with it and without.
    ///
    /// The worst record moves their logarithm by η, no more and, as the bound is tight, no less.
    @Test func theOddsOfTwoTokensMoveByTheRange() throws {
        let mechanism = ExponentialMechanism(range: 0.6, batchSize: 4, temperature: 0.8)
        let candidates = try Self.candidates([0, 0])
        func logOdds(_ records: [[Double]], _ label: String) throws -> Double {
            var paid = Self.choices(label, tokens: 400_000)
            var first = 0.0
            for _ in 0..<400_000 {
                var differences = ClippedDifferences(candidates, for: mechanism)
                for record in records { differences.add(record) }
                let choice = try Self.take(&paid, 0)
                if mechanism.choose(differences, for: choice) == 0 { first += 1 }
            }
            return log(first / (400_000 - first))
        }
        let others = [[0.2, -0.1], [-1, 0.3]]
        let moved = try logOdds(others + [[50, -50]], "with") - logOdds(others, "without")
        // The standard error of a difference of log odds near 1/2 is 2·√(2/n) = 0.0045.
        #expect(abs(moved - 0.6) < 5 * 0.0045, "\(moved)")
    }

    /// Without a budget nothing is clipped; with none of it, the public model is what is left.
    @Test func theEndsAreTheUnclippedMeanAndThePublicModel() throws {
        let free = ExponentialMechanism(range: .infinity, batchSize: 1, temperature: 0.01)
        #expect(free.event == .nonPrivate && free.clipping == .infinity)
        let candidates = try Self.candidates([0, -50])
        var differences = ClippedDifferences(candidates, for: free)
        differences.add([0, 50])
        var paid = Self.choices(texts: 2)
        let choice = try Self.take(&paid, 0)
        #expect(free.choose(differences, for: choice) == 1)
        let none = ExponentialMechanism(range: 0, batchSize: 1, temperature: 0.01)
        #expect(none.event == .exponential(range: 0) && none.clipping == 0)
        var ignored = ClippedDifferences(candidates, for: none)
        ignored.add([0, 50])
        let other = try Self.take(&paid, 1)
        #expect(none.choose(ignored, for: other) == 0)
    }

    @Test func eachTextHasItsOwnChoicesAndNoMoreThanPaid() throws {
        var paid = Self.choices(texts: 2, tokens: 3)
        var words: Set<UInt64> = []
        for text in [0, 1, 0, 1, 1, 0] {
            let choice = try Self.take(&paid, text)
            for number in [0, 1] as [UInt64] {
                var generator = KeyStreamGenerator(choice.stream(for: .noise, number: number))
                words.insert(generator.next())
            }
        }
        #expect(words.count == 12)
        var refused = 0
        for text in 0..<2 {
            if let _ = paid.next(ofText: text) {} else { refused += 1 }
        }
        #expect(refused == 2)
    }

    /// Votes of 40 prompts under noise of two votes: the leader wins as often as normals say.
    @Test func choosesTheMostVotesUnderTheStatedNoise() throws {
        let candidates = try Self.candidates([0, 0])
        let mechanism = NoisyArgmax(noiseMultiplier: 2.0.squareRoot())
        #expect(mechanism.event == .gaussian(noiseMultiplier: 2.0.squareRoot()))
        var paid = Self.choices(tokens: 40_001)
        var wins = 0.0
        for _ in 0..<40_000 {
            let prompts = (0..<41).map { number -> UnitContribution in
                var vote = UnitContribution()
                vote.add(UnitContribution.partsPerCount, to: number < 22 ? 1 : 0)
                return vote
            }
            let choice = try Self.take(&paid, 0)
            let votes = PromptVotes(candidates, prompts: prompts)
            if mechanism.choose(votes, for: choice) == 1 { wins += 1 }
        }
        // The difference of the two counts is 3; each has noise of σ·√2 = 2, so its variance is 8.
        let expected = 0.5 * erfc(-3 / 8.0.squareRoot() / 2.0.squareRoot())
        #expect(abs(wins / 40_000 - expected) < 5 * 0.0025, "\(wins / 40_000) \(expected)")
        let exact = NoisyArgmax(noiseMultiplier: 0)
        let choice = try Self.take(&paid, 0)
        #expect(exact.event == .nonPrivate)
        #expect(exact.choose(PromptVotes(candidates, prompts: []), for: choice) == 0)
    }

    /// 2000 records less one, the same coins: one batch lost one record, the others are as they were.
    @Test func takingOutTheLastRecordChangesOneBatch() {
        let paid = Self.choices()
        func batches(_ count: Int) -> [[Int]] {
            DisjointBatches(unitCount: count, batchCount: 30, slotCount: 250, lane: 3, for: paid)
                .members
        }
        let (all, fewer) = (batches(2000), batches(1999))
        #expect(zip(all, fewer).count { $0 != $1 } <= 1)
        let dealt = all.flatMap(\.self)
        #expect(Set(dealt).count == dealt.count)
        // 240 expected of 30/250 of 2000, standard deviation 14.5.
        #expect(abs(dealt.count - 240) < 75)
        let shared = PlantedFault.$current.withValue(PlantedFault(.batchSharedByTexts)) {
            batches(2000).flatMap(\.self)
        }
        #expect(Set(shared).count * 2 == shared.count)
    }

    @Test func promptsAreDisjointAndJoinWithTheStatedProbability() throws {
        var paid = Self.choices(tokens: 400)
        var joined = 0
        for _ in 0..<400 {
            let choice = try Self.take(&paid, 0)
            let sample = PromptSample(
                unitCount: 1000,
                samplingProbability: 0.05,
                promptCount: 7,
                for: choice
            )
            let members = sample.members.flatMap(\.self)
            #expect(Set(members).count == members.count && sample.members.count == 7)
            joined += members.count
        }
        // 20,000 expected, standard deviation 138.
        #expect(abs(joined - 20_000) < 700)
    }
}
