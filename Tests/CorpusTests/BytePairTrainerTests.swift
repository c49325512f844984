import Foundation
import Testing

@testable import Corpus

@Suite struct BytePairTrainerTests {
    private func lines() throws -> [[UInt8]] {
        let url = URL(fileURLWithPath: Fixture.path("trainer-text.txt"))
        return [UInt8](try Data(contentsOf: url)).split(separator: 0x0A).map { Array($0) }
    }

    private func trained(_ lines: [[UInt8]], _ size: Int) -> BytePairTokenizer {
        var trainer = BytePairTrainer(vocabularySize: size)
        for line in lines { trainer.add(line) }
        return trainer.tokenizer()
    }

    @Test func learnsTheMergesThatTokenizersLearns() throws {
        let own = trained(try lines(), 1024)
        let reference = try Fixture.tokenizer()
        #expect(own.vocabulary.tokens == reference.vocabulary.tokens)
        #expect(own.vocabulary.merges.elementsEqual(reference.vocabulary.merges, by: ==))
        #expect(own.endOfText == 1023)
    }

    @Test func theOrderOfTextsDoesNotMatter() throws {
        let lines = try lines()
        #expect(trained(lines, 600).files[1].bytes == trained(lines.reversed(), 600).files[1].bytes)
    }

    @Test func theSmallestVocabularyHasNoMerges() {
        let tokenizer = trained([Array("aaaa".utf8)], 257)
        #expect(tokenizer.vocabularySize == 257)
        #expect(tokenizer.encode("aaaa").count == 4)
    }

    @Test func tooLittleTextGivesASmallerVocabulary() {
        let tokenizer = trained([Array("abab".utf8)], 1000)
        #expect(tokenizer.vocabularySize == 258)
        #expect(tokenizer.encode("abab").count == 2)
        #expect(trained([], 1000).vocabularySize == 257)
    }

    @Test func aSavedTokenizerOpensWithTheSameIds() throws {
        let own = trained(try lines(), 700)
        try Fixture.inFolder { folder in
            try own.save(to: folder + "/new")
            let opened = try BytePairTokenizer(folder: folder + "/new")
            #expect(opened.vocabularySize == 700)
            for item in try FuzzFixture().items.prefix(1000) {
                #expect(opened.encode(item.text) == own.encode(item.text))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/new")
            #expect(names.sorted() == ["merges.txt", "vocab.json"])
        }
    }
}
