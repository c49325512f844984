/// Distinct-n: the share of different n-grams among all n-grams of a set of texts.
///
///     |set of n-grams| / number of n-grams            Li et al. 2016, arXiv:1510.03055, Sec. 5
///
/// Words lie between white space, case kept. Falls as the set grows: compare equal numbers of texts
/// only.
package enum DistinctNGrams {
    /// The share in (0, 1]; 0 when no text has n words.
    package static func share(of texts: [[UInt64]], length: Int) -> Double {
        var seen: Set<UInt64> = []
        var total = 0
        for words in texts {
            let hashes = WordNGrams.hashes(of: words, length: length)
            seen.formUnion(hashes)
            total += hashes.count
        }
        return total == 0 ? 0 : Double(seen.count) / Double(total)
    }
}
