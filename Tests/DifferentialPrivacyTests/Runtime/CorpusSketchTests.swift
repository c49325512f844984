import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct CorpusSketchTests {
    private static let key = FingerprintKey.fromSystem()

    private static func texts(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { Array("the text of record \($0)".utf8) }
    }

    private static func sketch(
        _ texts: [[UInt8]],
        key: FingerprintKey = key
    ) -> CorpusSketch {
        CorpusSketch(texts: texts, key: key)
    }

    @Test func neitherOrderNorCopiesNorLineEndsCount() {
        let texts = Self.texts(0..<3_000) + [Array("two\nlines".utf8)]
        var others = texts.reversed().map { Array(" ".utf8) + $0 + Array("\r\n".utf8) }
        others += texts.prefix(100)
        others += ["two\r\nlines\t", "", " \r\n"].map { Array($0.utf8) }
        #expect(Self.sketch(others) == Self.sketch(texts))
        #expect(Self.sketch(Array(texts.dropLast())) != Self.sketch(texts))
    }

    /// Fewer than k texts: every one is known.
    @Test func smallCorporaAreComparedExactly() throws {
        let (small, large) = (
            Self.sketch(Self.texts(0..<200)), Self.sketch(Self.texts(150..<3_150))
        )
        #expect(
            small.overlap(with: large) == CorpusOverlap(share: 0.25, shareOfOther: 50.0 / 3_000)
        )
        #expect(
            large.overlap(with: small) == CorpusOverlap(share: 50.0 / 3_000, shareOfOther: 0.25)
        )
        let one = Self.sketch(Self.texts(199..<200))
        #expect(small.overlap(with: one) == CorpusOverlap(share: 1.0 / 200, shareOfOther: 1))
        #expect(small.overlap(with: Self.sketch(Self.texts(200..<400))) == nil)
        #expect(Self.sketch([]).overlap(with: Self.sketch([])) == nil)
        #expect(small.overlap(with: small) == CorpusOverlap(share: 1, shareOfOther: 1))
    }

    /// Hashes are uniform, so that the share among k of them has standard deviation √(p(1−p)/k); six of
    /// them are exceeded with probability 2e-9.
    @Test func largeCorporaAreEstimated() throws {
        let first = Self.sketch(Self.texts(0..<60_000))
        let second = Self.sketch(Self.texts(45_000..<65_000))
        let overlap = try #require(first.overlap(with: second))
        let (share, other) = (try #require(overlap.share), try #require(overlap.shareOfOther))
        #expect(abs(share - 0.25) < 6 * (0.25 * 0.75 / 4_096).squareRoot())
        // A third of the hashes of the smaller one are within reach.
        #expect(abs(other - 0.75) < 6 * (0.25 * 0.75 / 1_365).squareRoot() * 1.1)
        #expect(first.overlap(with: Self.sketch(Self.texts(60_000..<80_000))) == nil)
    }

    @Test func underAnotherKeyNothingIsRecognised() {
        let other = Self.sketch(Self.texts(0..<200), key: .fromSystem())
        #expect(Self.sketch(Self.texts(0..<200)).overlap(with: other) == nil)
        #expect(other.key != Self.key.identifier)
    }

    /// Neither a ledger nor its size must tell how many records there are.
    @Test func everySealedSketchHasTheSameLengthAndShowsNothing() throws {
        // As ledgers are written: base 64 has slashes, which escapes would make longer.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let json = try [0, 1, 4_095, 4_096, 9_000].map { count in
            try encoder.encode(
                SealedSketch(Self.sketch(Self.texts(0..<count)), key: Self.key)
            )
        }
        #expect(Set(json.map(\.count)).count == 1)
        // Base 64 of the zeros that an open sketch of no text is.
        #expect(!String(decoding: json[0], as: UTF8.self).contains("AAAAAAAAAA"))
    }

    @Test(arguments: [0, 3, 4_095, 4_096, 9_000])
    func itIsOpenedAsItWasSealed(count: Int) throws {
        let sketch = Self.sketch(Self.texts(0..<count))
        let json = try JSONEncoder().encode(SealedSketch(sketch, key: Self.key))
        let sealed = try JSONDecoder().decode(SealedSketch.self, from: json)
        #expect(sealed.open(with: Self.key) == sketch)
        #expect(sealed.open(with: .fromSystem()) == nil)
    }

    @Test(
        arguments: [
            [1, 2, 3], Array(repeating: 1, count: 16), Array(repeating: 0, count: 15) + [1],
        ] as [[UInt8]]
    )
    func whatIsNoSketchIsRefused(bytes: [UInt8]) {
        #expect(CorpusSketch(key: Self.key.identifier, bytes: bytes) == nil)
    }
}
