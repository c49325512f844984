import Corpus
import DifferentialPrivacy
import Foundation
import LanguageModel
import Training

/// Everything besides the training state that a step's sum depends on, down to the last bit.
///
/// Its digest goes into every step's key: whoever resumes with anything changed draws fresh
/// randomness, and the ledger counts that as another release. Leaving an input out of it would let
/// one step's noise serve two different sums, whose difference is then free of noise.
struct RunEnvironment {
    /// The corpus files and columns, under the key of the folder around the run.
    var fingerprint: CorpusFingerprint
    /// The units as they were read.
    var examples: ContentDigest
    /// What the run does.
    var description: RunDescription
    /// Settings as used now, which may differ from the run's.
    var settings: TrainingSettings
    /// The shape of the model: the same parameters under another one are another function.
    var configuration: DecoderConfiguration
    /// The tokenizer's files.
    var tokenizer: BytePairTokenizer
    /// How micro-batches are cut.
    var rule: MicroBatchRule
    /// Threads in use.
    var threads: Int
    /// What computes.
    var machine: ComputingMachine
    /// The version of this product.
    var productVersion = ProductVersion.current

    /// H(everything else that a step's sum depends on).
    func digest() throws -> ContentDigest {
        let computation: [(name: String, content: [UInt8])] = [
            ("model", Array(configuration.huggingFaceJSON().utf8)),
            ("micro-batch", text(settings.microBatchSize ?? 0)),
            ("shard-rows", text(rule.shardRows)),
            ("shards", text(rule.shardCount)),
            ("lora-rank", text(settings.loraRank ?? 0)),
            ("threads", text(threads)),
        ]
        return ContentDigest(
            domain: "step-environment",
            fields: try input() + computation + machine.fields
        )
    }

    /// H(everything that the label counts depend on): not the machine, nor how a step is computed.
    func digestForCounts() throws -> ContentDigest {
        ContentDigest(domain: "counts-environment", fields: try input())
    }

    /// H(everything that a label probe's sums depend on, apart from the classifier's weights).
    ///
    /// `inputs` is of the features of every record, which stand for model, whitening and texts;
    /// `outline` says which records make up each unit, and their labels.
    func digestForProbe(inputs: ContentDigest, outline: [UInt8]) throws -> ContentDigest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let computation: [(name: String, content: [UInt8])] = [
            ("inputs", inputs.bytes),
            ("outline", outline),
            ("probe", Array(try encoder.encode(description.labelProbe))),
        ]
        return ContentDigest(
            domain: "probe-environment",
            fields: try input() + computation + machine.fields
        )
    }

    /// The corpus, and what makes examples and counts of it.
    private func input() throws -> [(name: String, content: [UInt8])] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let fields: [(name: String, content: [UInt8])] = [
            ("corpus", Array(try encoder.encode(fingerprint))),
            ("examples", examples.bytes),
            ("plan", Array(try encoder.encode(description.plan))),
            ("labels", Array(try encoder.encode(description.labels))),
            ("sequence-length", text(settings.sequenceLength)),
            ("product", Array(productVersion.utf8)),
        ]
        return fields + tokenizer.files.map { ("tokenizer/" + $0.name, $0.bytes) }
    }

    private func text(_ number: Int) -> [UInt8] { Array(String(number).utf8) }
}
