import Corpus
import Kernels
import LanguageModel
import SeededRandomness

@testable import CompletionServer

/// A random model of byte tokens: what it writes is noise, how it is served is not.
enum TinyModel {
    static let tokenizer = BytePairTrainer(vocabularySize: BytePairTrainer.smallestVocabulary)
        .tokenizer()

    static let parameters = parameters(contextLength: 64)

    private static func parameters(contextLength: Int) -> GPT2Parameters {
        let configuration = GPT2Configuration(
            vocabularySize: tokenizer.vocabularySize,
            contextLength: contextLength,
            width: 16,
            layerCount: 1,
            headCount: 2
        )
        var generator = SplitMix64(seed: 7)
        return GPT2Parameters(initializing: configuration, using: &generator)
    }

    static func make(
        _ tokenizer: BytePairTokenizer = tokenizer,
        contextLength: Int = 64
    ) -> CompletionModel {
        CompletionModel(
            name: "tiny",
            generator: TextGenerator(
                contextLength == 64 ? parameters : parameters(contextLength: contextLength),
                batchSize: 4,
                parallel: ParallelFor(threadCount: 1)
            ),
            tokenizer: tokenizer,
            contextLength: contextLength
        )
    }
}
