import Corpus
import Kernels
import LanguageModel

@testable import CompletionServer

/// A random model of byte tokens: what it writes is noise, how it is served is not.
enum TinyModel {
    static func make() -> CompletionModel {
        let tokenizer = BytePairTrainer(vocabularySize: BytePairTrainer.smallestVocabulary)
            .tokenizer()
        let configuration = GPT2Configuration(
            vocabularySize: tokenizer.vocabularySize,
            contextLength: 64,
            width: 16,
            layerCount: 1,
            headCount: 2
        )
        var generator = SeededRandomness(seed: 7)
        let parameters = GPT2Parameters(initializing: configuration, using: &generator)
        return CompletionModel(
            name: "tiny",
            generator: TextGenerator(
                parameters,
                batchSize: 4,
                parallel: ParallelFor(threadCount: 1)
            ),
            tokenizer: tokenizer,
            contextLength: 64
        )
    }
}
