import Foundation
import TestData
import Testing

@testable import Corpus

@Suite struct BytePairTokenizerTests {
    @Test func idsEqualTheReferencesOnTenThousandFuzzStrings() throws {
        let tokenizer = try Fixture.tokenizer()
        let fixture = try FuzzFixture()
        #expect(fixture.items.count == 10_000)
        for (number, item) in fixture.items.enumerated() {
            let ids = tokenizer.encode(item.text)
            #expect(FuzzFixture.digest(ids) == item.smallDigest, "string \(number)")
            #expect(tokenizer.decode(ids) == item.text, "string \(number)")
        }
    }

    @Test(.enabled(if: Fixture.corpora != nil, "set DPSCRIBE_CORPORA to check GPT-2's vocabulary"))
    func idsOfGPT2sVocabularyEqualTheReferences() throws {
        let folder = try #require(Fixture.corpora) + "/tokenizer-gpt2"
        let tokenizer = try BytePairTokenizer(folder: folder)
        #expect(tokenizer.vocabularySize == 50_257)
        #expect(tokenizer.endOfText == 50_256)
        #expect(tokenizer.newline == 198)
        for (number, item) in try FuzzFixture().items.enumerated() {
            let ids = tokenizer.encode(item.text)
            #expect(FuzzFixture.digest(ids) == item.gpt2Digest, "string \(number)")
            #expect(tokenizer.decode(ids) == item.text, "string \(number)")
        }
    }

    @Test func everyByteStringComesBack() throws {
        let tokenizer = try Fixture.tokenizer()
        var generator = SeededGenerator(seed: 1)
        for length in 0..<600 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes)
        }
        let hostile: [[UInt8]] = [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0xFF, 0x20, 0xFE],
            [0x20, 0xC3], [0x27], [0x27, 0x72], [0xEF, 0xBB, 0xBF], [0],
        ]
        for bytes in hostile { #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes) }
    }

    @Test func textThatSpellsEndOfTextIsText() throws {
        let tokenizer = try Fixture.tokenizer()
        let ids = tokenizer.encode("a<|endoftext|>b")
        #expect(!ids.contains(tokenizer.endOfText))
        #expect(tokenizer.decode(ids) == Array("a<|endoftext|>b".utf8))
        #expect(tokenizer.decode([tokenizer.endOfText]) == Array("<|endoftext|>".utf8))
    }

    @Test func canonicallyEquivalentTextsKeepTheirOwnTokens() throws {
        let tokenizer = try Fixture.tokenizer()
        #expect(tokenizer.encode("caf\u{E9}") != tokenizer.encode("cafe\u{301}"))
        #expect(tokenizer.decode(tokenizer.encode("a\r\nb")) == [0x61, 0x0D, 0x0A, 0x62])
    }

    @Test func twoNewlineTokensAreTheJointEncodingBeforeALetter() throws {
        let tokenizer = try Fixture.tokenizer()
        let label = tokenizer.encode("a")
        let text = tokenizer.encode("The")
        let newline = tokenizer.newline
        #expect(label + [newline, newline] + text == tokenizer.encode("a\n\nThe"))
    }

    @Test func heapAndScanMergeAlike() throws {
        let vocabulary = try Fixture.tokenizer().vocabulary
        var table = MergeTable(capacity: vocabulary.merges.count)
        for (rank, merge) in vocabulary.merges.enumerated() {
            let bytes = vocabulary.tokens[Int(merge.left)] + vocabulary.tokens[Int(merge.right)]
            let result = try #require(vocabulary.tokens.firstIndex(of: bytes))
            let isNew = table.insert(
                merge.left,
                merge.right,
                rank: UInt32(rank),
                result: Int32(result)
            )
            #expect(isNew)
        }
        let merger = PieceMerger(table: table)
        var generator = SeededGenerator(seed: 2)
        for length in 1..<400 {
            let tokens = (0..<length).map { _ in Int32.random(in: 64..<90, using: &generator) }
            var scanned = tokens
            var heaped = tokens
            merger.mergeByScanning(&scanned)
            merger.mergeByHeap(&heaped)
            #expect(scanned == heaped)
        }
    }

    @Test func aMegabyteOfOneByteIsCutInLinearithmicTime() throws {
        let tokenizer = try Fixture.tokenizer()
        for byte in [UInt8(ascii: "a"), 0x20, 0x0A, 0xFF, UInt8(ascii: "'")] {
            let bytes = [UInt8](repeating: byte, count: 1 << 20)
            #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes)
        }
    }

    @Test func concurrentEncodingGivesTheSameIds() async throws {
        let tokenizer = try Fixture.tokenizer()
        let items = try FuzzFixture().items.prefix(500)
        let expected = items.map { tokenizer.encode($0.text) }
        await withTaskGroup(of: [[Int32]].self) { group in
            for _ in 0..<4 { group.addTask { items.map { tokenizer.encode($0.text) } } }
            for await ids in group { #expect(ids == expected) }
        }
    }
}
