import DifferentialPrivacy
import LanguageModel

extension PrivateCorpus {
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
