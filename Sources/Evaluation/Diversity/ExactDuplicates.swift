/// Texts that occur more than once, byte for byte.
package enum ExactDuplicates {
    /// The share of texts that repeat an earlier one: 1 − different texts / texts; 0 for no texts.
    package static func share(of texts: [String]) -> Double {
        guard !texts.isEmpty else { return 0 }
        // Bytes, not canonical equivalence: the files are compared, not their meaning.
        let different = Set(texts.map { Array($0.utf8) }).count
        return 1 - Double(different) / Double(texts.count)
    }
}
