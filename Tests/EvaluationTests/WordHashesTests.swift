import Testing

@testable import Evaluation

@Suite struct WordHashesTests {
    @Test func foldedWordsIgnoreCaseAndPunctuation() {
        #expect(WordHashes.folded("It's NEW, new!") == WordHashes.folded("it s new new"))
        #expect(WordHashes.folded("Été") == WordHashes.folded("été"))
        #expect(WordHashes.folded(" ?!… ").isEmpty)
    }

    @Test func verbatimWordsAreWhatLiesBetweenWhiteSpace() {
        #expect(WordHashes.verbatim("\tIt's  new,\r\nnew \u{2003}x").count == 4)
        #expect(WordHashes.verbatim("New") != WordHashes.verbatim("new"))
    }

    @Test func charactersOfUnspacedScriptsAreWords() {
        #expect(WordHashes.folded("猫が好き").count == 4)
        #expect(WordHashes.verbatim("cat 猫が").count == 3)
        #expect(WordHashes.folded("good😀😀").count == 3)
    }

    @Test func wordOrderMattersInAPair() {
        #expect(WordHashes.joined(1, 2) != WordHashes.joined(2, 1))
    }
}
