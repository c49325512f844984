import DifferentialPrivacy
import LanguageModel
import Training

/// The tokenized private corpus, grouped into privacy units; it never leaves the process.
package struct PrivateCorpus: Sendable {
    /// The records of each unit, at least one a unit, [units].
    let units: [[TokenBatch.Sequence]]
    /// Records read, dropped ones included.
    let recordCount: Int
    /// Users read, where the unit is a user; else nil.
    let userCount: Int?
    /// Records that could not be used; a private diagnostic.
    let droppedCount: Int
    /// Units of a micro-batch, if the user says so.
    var microBatchSize: Int?

    /// How many units can be sampled.
    var unitCount: Int { units.count }

    /// Cuts a sample into micro-batches, in the order of the sample.
    func microBatches(of sample: [Int], by rule: MicroBatchRule) -> [ArraySlice<Int>] {
        let rows = sample.map { units[$0].reduce(0) { $0 + max($1.tokens.count - 1, 0) } }
        return rule.microBatches(ofRows: rows, unitLimit: microBatchSize).map { sample[$0] }
    }

    /// The shards of one micro-batch.
    func shards(of microBatch: ArraySlice<Int>, by rule: MicroBatchRule) -> [TokenBatch] {
        rule.shards(of: microBatch.map { units[$0] })
    }

    /// H(every unit's tokens, and where their loss starts): what a step's sum is computed from.
    ///
    /// Whatever decides how bytes become examples (a file's format, the tokenizer, the label set,
    /// which records of a user are used) shows here, and so does a file that is changed while it
    /// is being read. It goes into keys alone: without the run secret it would confirm a guess.
    func digest() -> ContentDigest {
        let parts = stride(from: 0, to: units.count, by: Self.digestedUnits).map { start in
            let part = units[start..<min(start + Self.digestedUnits, units.count)]
            return ContentDigest(domain: "units", fields: [("units", Self.bytes(of: part))])
        }
        return ContentDigest(
            domain: "examples",
            fields: parts.map { (name: "part", content: $0.bytes) }
        )
    }

    /// Units in a part of the digest, which bounds the memory.
    private static let digestedUnits = 4096

    /// Counts before contents, so that no two lists of units look alike.
    private static func bytes(of units: ArraySlice<[TokenBatch.Sequence]>) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: Int) {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        for unit in units {
            append(unit.count)
            for record in unit {
                append(record.lossStart)
                append(record.tokens.count)
                for token in record.tokens { append(Int(token)) }
            }
        }
        return bytes
    }
}
