import SeededRandomness
import Testing

@Suite struct SplitMix64Tests {
    /// The first draws of Vigna's splitmix64.c (prng.di.unimi.it) for the seed 1234567.
    @Test func drawsTheReferencesStream() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test func streamsOfASeedShareNoDraws() {
        let draws = (UInt64(0)..<32).flatMap { stream -> [UInt64] in
            var generator = SplitMix64(seed: 7, stream: stream)
            return (0..<1_000).map { _ in generator.next() }
        }
        #expect(Set(draws).count == draws.count)
    }
}
