import Corpus
import DifferentialPrivacy
import Foundation
import Kernels

/// Everything besides the training state that a step's sum depends on, down to the last bit.
///
/// Its digest goes into every step's key: whoever resumes with anything changed draws fresh
/// randomness, and the ledger counts that as another release. Leaving an input out of it would let
/// one step's noise serve two different sums, whose difference is then free of noise.
struct RunEnvironment {
    /// The corpus files and columns, under the key of the folder around the run.
    let corpus: CorpusFingerprint
    /// What the run does.
    let description: RunDescription
    /// Settings as used now, which may differ from the run's.
    let settings: TrainingSettings
    /// The tokenizer's files.
    let tokenizer: BytePairTokenizer
    /// How micro-batches are cut.
    let rule: MicroBatchRule
    /// Threads in use.
    let threads: Int

    /// H(everything else that the sum depends on).
    func digest() throws -> ContentDigest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var fields: [(name: String, content: [UInt8])] = [
            ("corpus", Array(try encoder.encode(corpus))),
            ("plan", Array(try encoder.encode(description.plan))),
            ("labels", Array(try encoder.encode(description.labels))),
            ("sequence-length", text(settings.sequenceLength)),
            ("micro-batch", text(settings.microBatchSize ?? 0)),
            ("shard-rows", text(rule.shardRows)),
            ("shards", text(rule.shardCount)),
            ("lora-rank", text(settings.loraRank ?? 0)),
            ("threads", text(threads)),
            ("blas-core", Array(MatrixMultiply.coreName.utf8)),
            ("instruction-set", Array(InstructionSet.name.utf8)),
            ("product", Array(ProductVersion.current.utf8)),
        ]
        for file in tokenizer.files {
            fields.append(("tokenizer/" + file.name, file.bytes))
        }
        return ContentDigest(domain: "step-environment", fields: fields)
    }

    private func text(_ number: Int) -> [UInt8] { Array(String(number).utf8) }
}
