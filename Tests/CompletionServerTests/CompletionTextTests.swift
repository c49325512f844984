import SeededRandomness
import Testing

@testable import CompletionServer

@Suite struct CompletionTextTests {
    /// The pieces of a text whose bytes come as given, the last one what `end` adds.
    private func pieces(_ bytes: [[UInt8]], stops: [String] = []) -> [String] {
        var text = CompletionText(stops: StopSearch(stops))
        var pieces: [String] = []
        for piece in bytes {
            text.append(piece)
            pieces.append(text.take())
        }
        text.end()
        return pieces + [text.take()]
    }

    /// Bytes that begin, break off and belong to scalars of every length.
    @Test func piecesAreWholeScalarsAndTogetherTheDecodedText() {
        let alphabet: [UInt8] = [
            0x41, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xBF, 0xF4, 0x90,
            0xC0, 0xFF,
        ]
        var random = SplitMix64(seed: 5)
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    alphabet[Int.random(in: alphabet.indices, using: &random)]
                }
            }
            let whole = String(decoding: bytes.flatMap(\.self), as: UTF8.self)
            #expect(pieces(bytes).flatMap(\.utf8).elementsEqual(whole.utf8), "\(bytes)")
        }
    }

    @Test func aScalarIsToldWithItsLastByte() {
        let emoji: [[UInt8]] = [[0xF0], [0x9F, 0x98], [0x80], [0xE2, 0x82]]
        #expect(pieces(emoji) == ["", "", "😀", "", "\u{FFFD}"])
        #expect(pieces([[0xE2], [0x41]]) == ["", "\u{FFFD}A", ""])
    }

    @Test func whatMayBeginAStopTextIsHeldBackUntilItIsClear() {
        func letters(_ text: String) -> [[UInt8]] {
            text.unicodeScalars.map { Array(String($0).utf8) }
        }
        #expect(pieces(letters("a\n\nb"), stops: ["\n\nb"]) == ["a", "", "", "", ""])
        #expect(pieces(letters("a\n\nc"), stops: ["\n\nb"]) == ["a", "", "", "\n\nc", ""])
        #expect(pieces(letters("a\n\n"), stops: ["\n\nb"]) == ["a", "", "", "\n\n"])
        // Bytes, not characters: CR LF is one character, and é has two spellings.
        #expect(pieces(letters("a\r\nb"), stops: ["\n"]) == ["a", "\r", "", "", ""])
        #expect(pieces([Array("e\u{301}".utf8)], stops: ["\u{E9}"]) == ["e\u{301}", ""])
    }
}
